import {
  endsGathering,
  ROOM_STATE_POLICIES,
  type RoomSettings,
  STATE_AFTER_OPENING,
} from "../../domain/room.ts";

/**
 * Settings as the database functions take them. A state comes with its policy, so that the database
 * needs no list of states, and with the end of an opening time that it does not keep.
 */
export function settingsInput(settings: Partial<RoomSettings>) {
  if (settings.state === undefined) return settings;
  const policy = ROOM_STATE_POLICIES[settings.state];
  const { opensByItself, gathers } = policy;
  return {
    ...(policy.keepsOpening ? {} : { opensAtMs: null }),
    ...settings,
    policy: { opensByItself, gathers, endsGathering: endsGathering(policy) },
  };
}

/** What an opening changes. */
export const OPENED_SETTINGS = settingsInput({ state: STATE_AFTER_OPENING });
