import { useEffect, useState } from "preact/hooks";
import type { Plan } from "./geometry.ts";
import { type View, wholeView, zoomed } from "./view_box.ts";

/** What is seen of a plan in a frame, whatever shape the frame has or gets. */
export function useView(frame: { readonly current: HTMLDivElement | null }, plan: Plan) {
  const [shape, setShape] = useState(1);
  const whole = wholeView(plan.width, plan.height, shape);
  const [view, setView] = useState<View>(whole);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      if (width > 0 && height > 0) setShape(width / height);
    });
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);
  const showAll = () => setView(whole);
  useEffect(showAll, [plan, shape]);
  return {
    view,
    setView,
    showAll,
    isWhole: view.width >= whole.width - 0.01,
    /** About a point of the plan, by default the middle of what is seen. */
    zoom(factor: number, at?: { readonly x: number; readonly y: number } | null): void {
      setView((seen) => zoomed(seen, factor, at ?? middle(seen), plan));
    },
  };
}

function middle({ x, y, width, height }: View) {
  return { x: x + width / 2, y: y + height / 2 };
}
