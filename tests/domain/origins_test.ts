import assert from "node:assert/strict";
import {
  addressFault,
  isAllowedOrigin,
  isLoopbackOrigin,
  originFault,
} from "../../src/domain/origins.ts";

Deno.test("`originFault()` takes exact origins and all origins below a domain, and nothing else", () => {
  for (
    const right of [
      "https://a.example.com",
      "https://a.example.com:8443",
      "https://*.example.com",
      "http://localhost",
      "http://localhost:5173",
      "http://127.0.0.1:8080",
      "http://[::1]:3000",
    ]
  ) assert.equal(originFault(right), null, right);
  for (
    const wrong of [
      "",
      "*",
      "null",
      "https://*",
      "https://*.com",
      "https://*.192.168.0.1",
      "https://a.*.example.com",
      "https://a.example.com/",
      "https://a.example.com:443",
      "https://a.example.com:99999",
      "https://A.example.com",
      "https://user@a.example.com",
      "http://a.example.com",
      "ftp://a.example.com",
      "a.example.com",
    ]
  ) assert.notEqual(originFault(wrong), null, wrong);
});

Deno.test("`addressFault()` takes one origin, and suggests none that it refuses", () => {
  for (
    const right of ["https://a.example.com", "https://a.example.com:8443", "http://[::1]:3000"]
  ) {
    assert.equal(addressFault(right), null, right);
  }
  for (
    const wrong of [
      "",
      "tickets",
      "https://*.example.com",
      "https://A.example.com",
      "https://a.example.com/",
      "http://a.example.com",
    ]
  ) {
    const fault = addressFault(wrong);
    assert.notEqual(fault, null, wrong);
    assert.doesNotMatch(fault!, /\*/, wrong);
  }
});

Deno.test("`isAllowedOrigin()` compares whole origins, and whole names below a domain", () => {
  const allowed = ["https://a.example.com", "https://*.example.org", "https://*.example.net:8443"];
  for (
    const right of [
      "https://a.example.com",
      "https://b.example.org",
      "https://c.b.example.org",
      "https://b.example.net:8443",
    ]
  ) assert.ok(isAllowedOrigin(right, allowed), right);
  for (
    const wrong of [
      "null",
      "http://a.example.com",
      "https://a.example.com:8443",
      "https://a.example.com.evil.test",
      "https://example.org",
      "https://.example.org",
      "http://b.example.org",
      "https://evil.test/.example.org",
      "https://evilexample.org",
      "https://b.example.org:8443",
      "https://b.example.net",
    ]
  ) assert.ok(!isAllowedOrigin(wrong, allowed), wrong);
});

Deno.test("`isLoopbackOrigin()` is true for pages of this machine alone", () => {
  for (const right of ["http://localhost:5173", "http://127.0.0.1", "https://a.localhost"]) {
    assert.ok(isLoopbackOrigin(right), right);
  }
  const others = ["http://localhost.evil.test", "file://localhost", "ftp://localhost"];
  const notCanonical = ["http://localhost/", "http://localhost/a", "HTTP://localhost"];
  for (const wrong of ["null", "", ...others, ...notCanonical]) {
    assert.ok(!isLoopbackOrigin(wrong), wrong);
  }
});

Deno.test("a fault says what would be right", () => {
  assert.match(originFault("a.example.com")!, /origins such as .*, in small letters/);
  assert.match(originFault("https://a.example.com:443")!, /must name https:\/\/a\.example\.com as/);
  assert.match(originFault("http://a.example.com")!, /begin with https/);
  assert.match(originFault("https://*.com")!, /at least two names/);
  assert.match(addressFault("tickets")!, /one origin such as .*, in small letters/);
  assert.match(addressFault("https://*.example.com")!, /one origin such as .*, in small letters/);
});
