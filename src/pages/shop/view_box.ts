/** The part of a plan that is seen. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The smallest part that is shown: so many seats from side to side. */
const LEAST_WIDTH = 6;

/** The whole plan, in the middle of a frame of that shape. */
export function wholeView(width: number, height: number, shape: number): View {
  const seen = Math.max(width, height * shape);
  return fitted({ x: 0, y: 0, width: seen, height: seen / shape }, width, height);
}

function fitted(view: View, width: number, height: number): View {
  // A plan smaller than the view is in its middle; a larger one is not pushed out of it.
  const along = (at: number, seen: number, all: number) =>
    seen >= all ? (all - seen) / 2 : Math.min(Math.max(at, 0), all - seen);
  return {
    ...view,
    x: along(view.x, view.width, width),
    y: along(view.y, view.height, height),
  };
}

/** Zoomed by a factor about a point of the plan, never beyond the whole. */
export function zoomed(
  view: View,
  factor: number,
  at: { readonly x: number; readonly y: number },
  plan: { readonly width: number; readonly height: number },
): View {
  const shape = view.width / view.height;
  const whole = wholeView(plan.width, plan.height, shape);
  const width = Math.min(Math.max(view.width / factor, LEAST_WIDTH), whole.width);
  const kept = width / view.width;
  return fitted(
    {
      x: at.x - (at.x - view.x) * kept,
      y: at.y - (at.y - view.y) * kept,
      width,
      height: width / shape,
    },
    plan.width,
    plan.height,
  );
}

export function moved(
  view: View,
  dx: number,
  dy: number,
  plan: { readonly width: number; readonly height: number },
): View {
  return fitted({ ...view, x: view.x + dx, y: view.y + dy }, plan.width, plan.height);
}
