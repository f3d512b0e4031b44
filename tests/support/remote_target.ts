import type { ApiTarget } from "./api_box.ts";
import { startRemoteBackend } from "./remote_backend.ts";
import { openRemoteBox } from "./remote_box.ts";
import { deleteMainRoom } from "./room.ts";

/** Boxes in this process over Redis and PostgreSQL behind the protocols of the cloud. */
export async function remoteTarget(): Promise<ApiTarget> {
  const backend = await startRemoteBackend();
  return {
    async open(options = {}) {
      await deleteMainRoom(backend.database.sql);
      const box = openRemoteBox(backend, options);
      return {
        ...box,
        async call(method, path, sent) {
          // What Redis keeps has to have aged as far as the test's clock has gone on.
          await box.pass(0);
          return await box.call(method, path, sent);
        },
      };
    },
    close: () => backend.close(),
  };
}
