/* Deliverability: the reader's browser asks the project's own resolver for the records of a domain, by DNS over HTTPS (RFC 8484). */
(() => {
  const form = document.querySelector("form.domain"), table = form.querySelector("table"), words = form.dataset;
  const TEXT = 16, MAIL = 15;
  /* A query for one name (RFC 1035 4.1): recursion is desired, and the id is 0 so that answers may be cached. */
  const encode = (name, type) => {
    const labels = name.split(".").flatMap((label) => [label.length, ...[...label].map((letter) => letter.charCodeAt(0))]);
    const query = String.fromCharCode(0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, type, 0, 1);
    return btoa(query).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  };
  /* The records of a type in an answer: texts, or their number. A name that does not exist has none. */
  const decode = (bytes, type) => {
    const two = (at) => (bytes[at] << 8) | bytes[at + 1];
    if (bytes.length < 12 || ![0, 3].includes(bytes[3] & 15)) throw bytes;
    let at = 12;
    const skip = () => {
      while (bytes[at] && bytes[at] < 192) at += bytes[at] + 1;
      at += bytes[at] ? 2 : 1;
    };
    for (let left = two(4); left > 0; left--) { skip(); at += 4; }
    const found = [];
    for (let left = two(6); left > 0 && at < bytes.length; left--) {
      skip();
      const end = at + 10 + two(at + 8);
      if (two(at) === type) {
        let text = "";
        for (let part = at + 10; type === TEXT && part < end; part += bytes[part] + 1)
          text += String.fromCharCode(...bytes.subarray(part + 1, part + 1 + bytes[part]));
        found.push(text);
      }
      at = end;
    }
    return found;
  };
  const ask = async (name, type) => {
    const answer = await fetch(`${words.resolver}?dns=${encode(name, type)}`, {
      headers: { accept: "application/dns-message" }, credentials: "omit", referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(words.wait * 1000),
    });
    if (!answer.ok) throw answer;
    return decode(new Uint8Array(await answer.arrayBuffer()), type);
  };
  const LOOKS = {
    spf: async (name) => (await ask(name, TEXT)).filter((text) => /^v=spf1( |$)/i.test(text)),
    dmarc: async (name) => (await ask(`_dmarc.${name}`, TEXT)).filter((text) => /^v=DMARC1\s*(;|$)/.test(text)),
    mx: async (name) => ask(name, MAIL),
  };
  const judge = async (row, name) => {
    const [said, shown] = row.querySelectorAll("td span, td code");
    shown.textContent = "";
    const found = await LOOKS[row.dataset.look](name).catch(() => null);
    const state = !found ? "unknown" : !found.length ? "none" : found.length > 1 && row.dataset.look !== "mx" ? "several" : "found";
    said.textContent = words[state];
    row.cells[1].className = `state--${{ found: "up", none: "outage", several: "outage" }[state] || "nodata"}`;
    shown.textContent = (found || []).filter(Boolean).join("\n");
  };
  /* The domain name in DNS form, also from an e-mail address; empty if it is not valid. */
  const read = (text) => {
    try {
      const { hostname } = new URL(`http://${text.trim().replace(/^.*@/, "")}/`);
      return /^(?=.{1,245}$)([a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{1,62}$/.test(hostname) ? hostname : "";
    } catch { return ""; }
  };
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [field, button] = form.elements, name = read(field.value);
    field.setCustomValidity(name ? "" : words.wrong);
    if (!form.reportValidity()) return;
    table.caption.textContent = name;
    table.hidden = false;
    button.disabled = true;
    await Promise.all([...table.tBodies[0].rows].map((row) => judge(row, name)));
    button.disabled = false;
  });
  form.elements[0].addEventListener("input", (event) => event.target.setCustomValidity(""));
})();
