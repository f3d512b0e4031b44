import type { OperatorConcert, OperatorFan, SaleRecord } from "../api/answers.ts";
import type { HttpClient } from "../api/http_client.ts";
import { readBody, readPages } from "../api/pages.ts";

export interface FanRecord {
  readonly userId: string;
  readonly balance: number;
  readonly paymentIds: readonly string[];
}

/** The server's own records of the sale, after its end. */
export interface SaleRecords {
  readonly concert: OperatorConcert;
  readonly sales: readonly SaleRecord[];
  readonly fans: readonly FanRecord[];
}

export interface SaleRecordsParts {
  readonly client: HttpClient;
  readonly operatorToken: string;
  readonly concertId: number;
  readonly userIds: readonly string[];
}

/** Reads the operator's routes. Throws when one does not answer with 200. */
export async function readSaleRecords(parts: SaleRecordsParts): Promise<SaleRecords> {
  const { client, operatorToken, concertId, userIds } = parts;
  const concertPath = `/v1/admin/concerts/${concertId}`;
  return {
    concert: await readBody<OperatorConcert>(client, concertPath, operatorToken),
    sales: await readPages<SaleRecord>(client, `${concertPath}/sales`, operatorToken),
    fans: await Promise.all(userIds.map(async (userId) => {
      const path = `/v1/admin/fans/${encodeURIComponent(userId)}`;
      const { balance, payments } = await readBody<OperatorFan>(client, path, operatorToken);
      return {
        userId,
        balance,
        paymentIds: payments.map(({ paymentId }) => paymentId),
      };
    })),
  };
}
