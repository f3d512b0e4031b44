import type { components } from "@stanchion/client";
import { useEffect, useState } from "preact/hooks";
import { client } from "./client.ts";

export type ProgrammeConcert = components["schemas"]["ProgrammeConcert"];

/** What is or will be on; null before it is known. */
export function useProgramme(): { readonly concerts: ProgrammeConcert[] | null; failed: boolean } {
  const [concerts, setConcerts] = useState<ProgrammeConcert[] | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const load = async () => {
      const { data } = await client.GET("/v1/programme", { params: { query: { limit: 100 } } });
      if (data) setConcerts(data.concerts);
      else setFailed(true);
    };
    load().catch(() => setFailed(true));
  }, []);
  return { concerts, failed };
}
