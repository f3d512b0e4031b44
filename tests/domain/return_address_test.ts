import { equal } from "node:assert/strict";
import { returnAddress } from "../../src/domain/return_address.ts";

const ALLOWED = ["https://shop.example.com", "https://*.example.org", "http://localhost:3000"];
const ADMISSION = "eyJhbGciOiJFZERTQSJ9.eyJhdWQiOiJzaG9wIn0.c2ln-_";
const to = (address: string) => returnAddress(address, ADMISSION, ALLOWED);

Deno.test("`returnAddress()` puts the admission into the fragment, never into the query", () => {
  for (
    const [address, expected] of [
      ["https://shop.example.com", "https://shop.example.com/"],
      ["https://shop.example.com/seats?date=1&admission=old", null],
      ["https://eu.example.org/a%20b", null],
      ["http://localhost:3000/", null],
      ["https://shop.example.com/seats#part", "https://shop.example.com/seats"],
      ["https://SHOP.example.com:443/x", "https://shop.example.com/x"],
    ] as const
  ) {
    const found = to(address)!;
    equal(found, `${expected ?? address}#admission=${ADMISSION}`);
    equal(new URL(found).search.includes(ADMISSION), false);
  }
});

Deno.test("`returnAddress()` sends nobody to another origin, nor with credentials", () => {
  for (
    const address of [
      "",
      "/seats",
      "//shop.example.com/seats",
      "https://evil.example.com/",
      "https://shop.example.com.evil.test/",
      "https://shop.example.com@evil.test/",
      "https://evil.test\\@shop.example.com/",
      "https://evil.test#https://shop.example.com",
      "https://fan:secret@shop.example.com/",
      "https://fan@shop.example.com/",
      "https://example.org/",
      "https://evilexample.org/",
      "https://shop.example.com:8443/",
      "http://shop.example.com/",
      "http://localhost:3001/",
      "javascript:alert(1)//https://shop.example.com",
      "data:text/html,x",
      "null",
    ]
  ) equal(to(address), null, address);
  equal(returnAddress("https://shop.example.com/", ADMISSION, []), null);
});

Deno.test("`returnAddress()` takes nothing but a JWT", () => {
  for (
    const text of ["", "a.b", `${ADMISSION}&x=1`, `${ADMISSION}#`, `${ADMISSION}\n`, "a.b.c.d"]
  ) {
    equal(returnAddress("https://shop.example.com/", text, ALLOWED), null, text);
  }
});
