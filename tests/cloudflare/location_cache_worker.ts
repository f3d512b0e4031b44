import { locationCache } from "../../src/cloudflare/bindings.ts";
import { locationFrontDocuments } from "../../src/cloudflare/front_documents.ts";
import { MAIN_ROOM } from "../../src/domain/ids.ts";
import { frontOf } from "../support/fronts.ts";

/** Writes a document at `/write`; answers what it then reads, and what was reported. */
export default {
  async fetch({ url }: Request): Promise<Response> {
    const reports: string[] = [];
    const documents = locationFrontDocuments({
      cache: locationCache(),
      secret: "s".repeat(32),
      report: ({ error }) => reports.push(String(error)),
    });
    documents.servedAt(url);
    if (new URL(url).pathname === "/write") await documents.write(MAIN_ROOM, frontOf());
    return Response.json({ front: await documents.read(MAIN_ROOM), reports });
  },
};
