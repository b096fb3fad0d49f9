// Required by Node before a program that a test starts: most of Node's clients know no proxy, so
// connections to Runway's hosts are led to the fake where sockets connect.
"use strict";

const net = require("node:net");

const { host, port, names } = JSON.parse(process.env.PYTEST_RUNWAY_LEADS ?? '{"names":[]}');
const led = (name) => typeof name === "string" && names.includes(name.toLowerCase());
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...args) {
  // connect(options), connect(port, host), or what net.connect has made of either: [options, …].
  const normalized = Array.isArray(args[0]);
  const options = normalized ? args[0][0] : args[0];
  if (options !== null && typeof options === "object") {
    if (led(options.host)) {
      const changed = { ...options, host, port };
      if (normalized) args[0][0] = changed;
      else args[0] = changed;
    }
  } else if (led(args[1])) {
    args.splice(0, 2, port, host);
  }
  return connect.apply(this, args);
};
