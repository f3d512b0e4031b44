import { ok } from "../../domain/result.ts";
import type { RoomSettings } from "../../domain/room.ts";
import type { IdempotencyFailure, RecordedAnswers } from "../../ports/idempotency.ts";
import { settingsInput } from "./room_settings.ts";
import {
  type ActTime,
  callAct,
  callRecordedAct,
  databaseTime,
  readRecorded,
  type RecordedText,
  type Sql,
} from "./sql.ts";

export interface PostgresRecordedAnswersOptions {
  readonly sql: Sql;
  readonly actTime?: ActTime;
  /** The settings of `main` when it is created, since an entry of the log refers to its room. */
  readonly defaultSettings: RoomSettings;
}

/** The answers of acts whose effect is not in PostgreSQL. */
export function postgresRecordedAnswers(
  { sql, actTime = databaseTime, defaultSettings }: PostgresRecordedAnswersOptions,
): RecordedAnswers {
  return {
    async find<Effects>(once: Parameters<RecordedAnswers["find"]>[0]) {
      const found = await callAct<RecordedText<Effects> | { answer: null }, IdempotencyFailure>(
        sql,
        "find_answer",
        { idempotency: once },
        { repeatable: true },
      );
      if (!found.ok) return found;
      return ok(found.value.answer === null ? null : readRecorded(found.value));
    },
    record<Effects>(done: Parameters<RecordedAnswers["record"]>[0]) {
      const { once, answer, ...act } = done;
      return callRecordedAct<Effects, IdempotencyFailure>(
        sql,
        "record_outside_act",
        {
          ...act,
          answer: JSON.stringify(answer),
          idempotency: once,
          defaultSettings: settingsInput(defaultSettings),
          now: actTime(),
        },
        { repeatable: once !== null },
      );
    },
  };
}
