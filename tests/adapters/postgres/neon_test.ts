import { boxOfficeContract } from "../../contract/box_office/contract.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres_server.ts";
import { neonOver } from "./neon_office.ts";
import { officeOver } from "./office.ts";

let server: PostgresServer | undefined;
Deno.test.beforeAll(async () => {
  server = await startPostgres();
});
Deno.test.afterAll(async () => {
  await server?.stop();
});

boxOfficeContract("Neon on PostgreSQL", async () => {
  if (!server) throw new Error("there is no server");
  const database = await server.createDatabase(1);
  const { connect, endpoint } = await neonOver(server, database);
  return officeOver({
    sql: connect(),
    async close() {
      await endpoint.close();
      await database.close();
    },
  });
});
