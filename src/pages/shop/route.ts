import { useEffect, useState } from "preact/hooks";

/** Where in the shop a fan is. It is in the address, so that reload and back work. */
export type Route =
  | { readonly name: "concerts" }
  | { readonly name: "seats"; readonly concertId: number; readonly scheduleId: number }
  | { readonly name: "pay" }
  | { readonly name: "done"; readonly reservationIds: readonly string[] };

export function addressOf(route: Route): string {
  switch (route.name) {
    case "concerts":
      return "#/";
    case "seats":
      return `#/${route.concertId}/${route.scheduleId}`;
    case "pay":
      return "#/pay";
    case "done":
      return `#/done/${route.reservationIds.join("/")}`;
  }
}

/** From a payment to more concerts: without a room nobody is put in a line that they did not choose. */
export function addressOfMore(): string {
  const hasRoom = new URLSearchParams(location.search).has("room");
  return hasRoom ? addressOf({ name: "concerts" }) : "/";
}

function routeOf(hash: string): Route {
  const [first = "", ...rest] = hash.replace(/^#\/?/, "").split("/");
  if (first === "pay") return { name: "pay" };
  if (first === "done") return { name: "done", reservationIds: rest };
  const [concertId, scheduleId] = [Number(first), Number(rest[0])];
  if (concertId > 0 && scheduleId > 0) return { name: "seats", concertId, scheduleId };
  return { name: "concerts" };
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const follow = () => {
      setRoute(routeOf(location.hash));
      scrollTo(0, 0);
      document.getElementById("main")?.focus();
    };
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return route;
}

export function go(route: Route): void {
  location.hash = addressOf(route);
}

export function goInstead(route: Route): void {
  location.replace(addressOf(route));
}
