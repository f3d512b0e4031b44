import { equal, notEqual } from "node:assert/strict";
import { networkOf } from "../../src/domain/network.ts";

Deno.test("an IPv4 address is a network of its own", () => {
  equal(networkOf("192.0.2.1"), "192.0.2.1");
  notEqual(networkOf("::ffff:192.0.2.1"), networkOf("::ffff:192.0.2.2"));
  equal(networkOf(""), "");
});

Deno.test("the IPv6 addresses of one /64 are one network, however they are written", () => {
  const network = "2001:db8:0:7";
  for (const end of ["::1", ":0:0:0:1", ":ffff:ffff:ffff:ffff", "::", "::a:b"]) {
    equal(networkOf(`2001:db8:0:7${end}`), network, end);
  }
  equal(networkOf("2001:0DB8:0000:0007::1"), network);
  equal(networkOf("2001:db8::1"), "2001:db8:0:0");
  equal(networkOf("::1"), "0:0:0:0");
  notEqual(networkOf("2001:db8:0:8::1"), network);
});

Deno.test("a run of zeros may stand anywhere in an IPv6 address, and for no group at all", () => {
  equal(networkOf("2001:db8::1:2:3:4:5"), "2001:db8:0:1");
  equal(networkOf("2001::db8:1:2:3:4"), "2001:0:0:db8");
  equal(networkOf("::2:3:4:5:6:7:8"), "0:2:3:4");
  equal(networkOf("1:2:3::4:5:6:7:8"), "1:2:3:4");
});

Deno.test("what is no address is limited by itself, and is no fault", () => {
  equal(networkOf("unknown"), "unknown");
  equal(networkOf("1:2:3"), "1:2:3");
  equal(networkOf("1:2:3::4:5:6:7:8:9"), "1:2:3:4");
});
