import type { AuditEntry } from "../../domain/audit.ts";
import type { RoomSettings } from "../../domain/room.ts";
import type { AuditLog } from "../../ports/audit_log.ts";
import { queryPage } from "./page.ts";
import { settingsInput } from "./room_settings.ts";
import { type ActTime, callFunction, databaseTime, type Sql } from "./sql.ts";

// An empty room id stands for all rooms. The statement is planned with its parameters, so only one
// half of the condition is kept in the plan.
const AUDIT_LOG = `
  with page as (
    select * from audit_log a
    where ($1::text = '' or a.room_id = $1::text)
      and ($2::text is null or (a.at, a.entry_id) <
        (timestamptz 'epoch' + $2::text::bigint * interval '1 millisecond', $3::text::bigint))
    order by a.at desc, a.entry_id desc
    limit $4::text::integer
  )
  select json_build_object(
    'items', json_agg(json_build_object(
        'entryId', entry_id, 'at', rfc3339(at), 'operator', operator, 'action', action,
        'room', room_id, 'subject', subject, 'old', old, 'new', new, 'reason', reason)
      order by page.at desc, entry_id desc),
    'marks', json_agg(json_build_object('atMs', epoch_ms(at), 'sequence', entry_id)
      order by page.at desc, entry_id desc))::text as result
  from page`;

export interface PostgresAuditLogOptions {
  readonly sql: Sql;
  readonly actTime?: ActTime;
  /** The settings of `main` when it is created, since an entry refers to its room. */
  readonly defaultSettings: RoomSettings;
}

/** The audit log in PostgreSQL. */
export function postgresAuditLog(
  { sql, actTime = databaseTime, defaultSettings }: PostgresAuditLogOptions,
): AuditLog {
  return {
    async record(entry) {
      await callFunction(sql, "record_outside_act", {
        entry,
        defaultSettings: settingsInput(defaultSettings),
        now: actTime(),
      });
    },
    async list(room, page) {
      const found = await queryPage<AuditEntry>(sql, AUDIT_LOG, room ?? "", page);
      return found ?? { items: [], next: null };
    },
  };
}
