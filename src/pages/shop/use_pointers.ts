import { useEffect, useRef } from "preact/hooks";
import type { Plan } from "./geometry.ts";
import { moved, type View, zoomed } from "./view_box.ts";

/** A pointer that moved further drags. */
const DRAG_PX = 8;
/** How much a wheel zooms, by what it says it turned: pixels, or lines. */
const ZOOM_PER_PX = 0.0025;
const ZOOM_PER_LINE = 0.06;

interface Seen {
  readonly view: View;
  readonly setView: (change: (view: View) => View) => void;
  readonly plan: Plan;
  readonly isWhole: boolean;
}

/** Fingers, mouse and wheel. */
export function usePointers(
  frame: { readonly current: HTMLDivElement | null },
  { view, setView, plan, isWhole }: Seen,
  onTap: (x: number, y: number, unitPx: number) => void,
) {
  const pointers = useRef(new Map<number, { x: number; y: number }>());
  const travelled = useRef(0);
  const at = (clientX: number, clientY: number, seen: View) => {
    const box = frame.current!.getBoundingClientRect();
    const scale = seen.width / box.width;
    return { x: seen.x + (clientX - box.left) * scale, y: seen.y + (clientY - box.top) * scale };
  };
  useEffect(() => {
    const element = frame.current!;
    const wheel = (event: WheelEvent) => {
      // A map that cannot get smaller lets the page scroll.
      if (isWhole && event.deltaY > 0) return;
      event.preventDefault();
      const byLines = event.deltaMode === WheelEvent.DOM_DELTA_LINE;
      const factor = Math.exp(-event.deltaY * (byLines ? ZOOM_PER_LINE : ZOOM_PER_PX));
      setView((seen) => zoomed(seen, factor, at(event.clientX, event.clientY, seen), plan));
    };
    // Preact would add a passive one.
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, [plan, isWhole]);
  return {
    onPointerDown(event: PointerEvent) {
      if (pointers.current.size === 0) travelled.current = 0;
      pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      frame.current!.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent) {
      const before = pointers.current.get(event.pointerId);
      if (!before) return;
      const now = { x: event.clientX, y: event.clientY };
      const others = [...pointers.current].filter(([id]) => id !== event.pointerId);
      pointers.current.set(event.pointerId, now);
      travelled.current += Math.hypot(now.x - before.x, now.y - before.y);
      if (travelled.current < DRAG_PX) return;
      const scale = view.width / frame.current!.clientWidth;
      const other = others[0]?.[1];
      if (!other) {
        setView((seen) =>
          moved(seen, (before.x - now.x) * scale, (before.y - now.y) * scale, plan)
        );
        return;
      }
      const factor = Math.hypot(now.x - other.x, now.y - other.y) /
        Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
      const [x, y] = [(now.x + other.x) / 2, (now.y + other.y) / 2];
      setView((seen) => zoomed(seen, factor, at(x, y, seen), plan));
    },
    onPointerUp(event: PointerEvent) {
      const last = pointers.current.size === 1 && pointers.current.delete(event.pointerId);
      pointers.current.delete(event.pointerId);
      if (!last || travelled.current >= DRAG_PX) return;
      const { x, y } = at(event.clientX, event.clientY, view);
      onTap(x, y, frame.current!.clientWidth / view.width);
    },
    onPointerCancel(event: PointerEvent) {
      pointers.current.delete(event.pointerId);
    },
  };
}
