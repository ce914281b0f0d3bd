/** A JPEG as an address that holds it: the browser's own base64, which takes no memory of ours. */
export function dataUrl(bytes: ArrayBuffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('unreadable bytes'));
    reader.readAsDataURL(new Blob([bytes], { type: 'image/jpeg' }));
  });
}
