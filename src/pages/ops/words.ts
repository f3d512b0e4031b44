import { opsOffice as officeEn } from "../words/en/ops_office.ts";
import { opsRooms as roomsEn } from "../words/en/ops_rooms.ts";
import { opsOffice as officeKo } from "../words/ko/ops_office.ts";
import { opsRooms as roomsKo } from "../words/ko/ops_rooms.ts";

/** The words of the operator's page. */
export const OPS = { en: { ...roomsEn, ...officeEn }, ko: { ...roomsKo, ...officeKo } };
