import { MARKER_INK, MARKER_WHITE } from '../ui/shapes.ts';
import type { DrawingContext } from './draw-marker.ts';

/** Smallest ring drawn, CSS px: below, the arrow covers it. */
const LEAST_RING_PX = 22;

/** The accuracy of a position, a ring around the origin. */
export function drawAccuracy(context: DrawingContext, radiusPx: number): void {
  context.save();
  context.beginPath();
  context.arc(0, 0, Math.max(LEAST_RING_PX, radiusPx), 0, Math.PI * 2);
  context.fillStyle = 'rgba(100, 100, 100, 0.18)';
  context.fill();
  // a light line under the dark one: seen on a map at noon and at dusk
  context.strokeStyle = 'rgba(255, 255, 255, 0.7)';
  context.lineWidth = 3.5;
  context.stroke();
  context.strokeStyle = 'rgba(34, 37, 43, 0.75)';
  context.lineWidth = 1.5;
  context.stroke();
  context.restore();
}

/** The person: an arrow, never a dot, which would read as a light. Points north when the heading is not known. */
export function drawArrow(context: DrawingContext, headingDegrees: number): void {
  context.save();
  context.rotate((headingDegrees * Math.PI) / 180);
  const arrow = new Path2D('M0 -14L9.5 11L0 6L-9.5 11Z');
  context.lineJoin = 'round';
  context.strokeStyle = MARKER_WHITE;
  context.lineWidth = 6;
  context.stroke(arrow);
  context.fillStyle = MARKER_INK;
  context.strokeStyle = MARKER_INK;
  context.lineWidth = 2;
  context.stroke(arrow);
  context.fill(arrow);
  context.restore();
}

/** A dashed line from where a point was to where it is proposed. */
export function drawLink(
  context: DrawingContext,
  from: readonly [number, number],
  to: readonly [number, number],
): void {
  const line = new Path2D();
  line.moveTo(...from);
  line.lineTo(...to);
  context.save();
  context.strokeStyle = MARKER_WHITE;
  context.lineWidth = 6;
  context.lineCap = 'round';
  context.stroke(line);
  context.strokeStyle = MARKER_INK;
  context.lineWidth = 2.5;
  context.lineCap = 'butt';
  context.setLineDash([5, 5]);
  context.stroke(line);
  context.restore();
}
