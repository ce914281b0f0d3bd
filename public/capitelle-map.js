// <capitelle-map theme="heritage" territory="11202" height="480" title="…"></capitelle-map>: the map of this inventory on
// another page. The element only frames /embed.html of the origin that this file came from; it reads nothing of the page.
(function () {
  var origin = new URL(document.currentScript.src).origin;
  var passed = ['theme', 'concept', 'territory', 'lang', 'appearance'];

  function heightOf(element) {
    var asked = Number(element.getAttribute('height'));
    return asked ? Math.min(1200, Math.max(320, asked)) : 480;
  }

  function addressOf(element) {
    var query = new URLSearchParams();
    passed.forEach(function (name) {
      var value = element.getAttribute(name);
      if (value) query.set(name, value);
    });
    var search = query.toString();
    return origin + '/embed.html' + (search ? '?' + search : '');
  }

  class CapitelleMap extends HTMLElement {
    static get observedAttributes() {
      return passed.concat('height', 'title');
    }

    connectedCallback() {
      if (!this.shadowRoot) {
        var frame = document.createElement('iframe');
        frame.loading = 'lazy';
        frame.referrerPolicy = 'strict-origin-when-cross-origin';
        frame.style.cssText = 'display: block; width: 100%; border: 0';
        this.attachShadow({ mode: 'open' }).append(frame);
        this.style.display = 'block';
      }
      this.draw();
    }

    attributeChangedCallback() {
      if (this.shadowRoot) this.draw();
    }

    draw() {
      var frame = this.shadowRoot.querySelector('iframe');
      var address = addressOf(this);
      frame.style.height = heightOf(this) + 'px';
      frame.title = this.getAttribute('title') || 'Capitelle';
      // The same address again would load it again.
      if (frame.src !== address) frame.src = address;
    }
  }

  if (!customElements.get('capitelle-map')) customElements.define('capitelle-map', CapitelleMap);
})();
