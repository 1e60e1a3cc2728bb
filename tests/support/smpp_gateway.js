// An SMS gateway for tests, by npm's smpp: an implementation that shares nothing with the one we probe with.
// node smpp_gateway.js SYSTEM_ID PASSWORD RECEIPT_STATE [KEY CERTIFICATE]; prints its port, ends with its input.
"use strict";
const fs = require("node:fs");
const smpp = require("smpp");

const [systemId, password, state, key, cert] = process.argv.slice(2);
const options = key ? { key: fs.readFileSync(key), cert: fs.readFileSync(cert) } : {};

const server = smpp.createServer(options, (session) => {
  session.on("error", () => {});
  const bind = (pdu) => {
    if (pdu.system_id === systemId && pdu.password === password) {
      session.send(pdu.response({ system_id: "gateway" }));
    } else {
      session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
    }
  };
  session.on("bind_transceiver", bind);
  session.on("bind_receiver", bind);
  session.on("bind_transmitter", bind);
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => {
    session.send(pdu.response());
    session.close();
  });
  session.on("submit_sm", (pdu) => {
    if (state === "FULL") {
      session.send(pdu.response({ command_status: smpp.ESME_RMSGQFUL }));
      return;
    }
    session.send(pdu.response({ message_id: "41f3" }));
    // Somebody else's message and a link check come first, as they may in life.
    session.deliver_sm({ source_addr: "41000000001", destination_addr: "900", short_message: "hello" });
    session.enquire_link();
    session.deliver_sm({
      source_addr: pdu.destination_addr,
      destination_addr: pdu.source_addr,
      esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT,
      short_message: `id:41f3 sub:001 dlvrd:001 submit date:2611240900 done date:2611240900 stat:${state} err:000 text:`,
    });
  });
});

server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
