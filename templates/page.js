/* The page works without this script, which says when the page is old, adds the reader's own time, reads out days, finds
   services, checks addresses from the reader's browser on request, and copies a report. */
(() => {
  const page = document.documentElement.dataset;
  const lang = document.documentElement.lang;
  const find = (css) => document.querySelectorAll(css);
  const say = (text, n) => text.replace("{n}", n);
  const age = (at) => Math.floor((Date.now() / 1000 - at) / 60);
  const words = (minutes, short, long) => (minutes < 120 ? say(short, minutes) : say(long, Math.floor(minutes / 60)));

  /* The age of the newest data, kept up to date while the page is open. */
  const tell = () => {
    for (const one of find("[data-at]")) {
      const minutes = age(one.dataset.at);
      if (minutes > 0) one.textContent = words(minutes, page.ago, page.agoHours);
    }
    const minutes = age(page.end || page.built);
    const old = minutes * 60 > page.limit;
    for (const one of find(".checked")) one.classList.toggle("checked--late", old);
    for (const one of find("#stale")) {
      one.hidden = !old;
      if (old) one.firstElementChild.textContent = words(minutes, one.dataset.short, one.dataset.long);
    }
    return old;
  };

  /* The host may have served an old copy: ask again past every cache, and show a newer page if there is one. */
  const ask = async () => {
    try {
      const answer = await fetch(location.href, { cache: "reload" });
      const built = /data-built="(\d+)"/.exec(await answer.text());
      if (answer.ok && built && +built[1] > +page.built) location.reload();
    } catch {
      /* No connection: keep this copy, whose age is shown. */
    }
  };

  const look = () => {
    if (document.visibilityState === "visible") {
      tell();
      ask();
    }
  };

  /* The reader's local time, where it differs from that of the page. */
  const clock = (timeZone) =>
    new Intl.DateTimeFormat(lang, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone });
  const here = clock();
  const there = clock(page.zone);
  const differs = (at) => here.format(at) !== there.format(at);
  for (const one of find("time[datetime*=T]")) {
    const at = new Date(one.dateTime);
    if (differs(at)) one.title = say(page.yours, here.format(at));
  }
  for (const one of find("[data-from]")) {
    const [from, to] = [new Date(one.dataset.from), new Date(one.dataset.to)];
    one.hidden = !differs(from);
    if (differs(from)) one.textContent = say(page.yours, here.formatRange(from, to));
  }

  /* The read-out: the words for the day under the pointer or finger, in the line below its strip. */
  const shortDay = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { day: "numeric", month: "short", timeZone: "UTC" });
  const read = (strip, x) => {
    const box = strip.getBoundingClientRect();
    const share = (x - box.left) / box.width;
    const width = strip.viewBox.baseVal.width;
    const place = (document.dir === "rtl" ? 1 - share : share) * width;
    for (const spot of strip.querySelectorAll("rect"))
      if (place >= spot.x.baseVal.value && place < spot.x.baseVal.value + spot.width.baseVal.value) return spot.textContent;
    const places = strip.closest("[data-first]");
    const day = new Date(Date.parse(places.dataset.first) + Math.max(0, Math.floor((place + 1) / 8)) * 864e5);
    return `${shortDay.format(day)} · ${places.dataset.well}`;
  };
  for (const row of find("[data-first] .service")) {
    const strip = row.querySelector(".days");
    const line = row.querySelector(".foot") || row;
    if (!strip) continue;
    strip.onpointermove = strip.onpointerdown = (event) => {
      line.dataset.read = read(strip, event.clientX);
    };
    strip.onpointerleave = () => line.removeAttribute("data-read");
  }

  /*[many*/
  /* Finds a service among many by part of its name, ignoring case and accents. */
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  for (const box of find(".filter")) {
    const input = box.querySelector("input");
    const open = new Map([...find(".fold")].map((group) => [group, group.open]));
    box.hidden = false;
    input.oninput = () => {
      const wanted = fold(input.value.trim());
      let count = 0;
      for (const row of find(".service")) {
        row.hidden = !fold(row.firstElementChild.textContent).includes(wanted);
        count += !row.hidden;
      }
      for (const [group, before] of open) {
        const has = group.querySelector(".service:not([hidden])");
        group.hidden = !has;
        group.open = wanted ? !!has : before;
      }
      box.querySelector("output").textContent = wanted && count;
    };
  }
  /*many]*/

  /* A report to copy, made anew when the button is pressed. */
  const offer = (box, lines) => {
    const [shown, button] = [box.querySelector("pre"), box.querySelector("button")];
    const network = navigator.connection;
    const kind = network && [network.type, network.effectiveType].filter(Boolean).join(" ");
    const report = () =>
      [new Date().toISOString(), shown.dataset.state, shown.dataset.reference, ...lines(), location.href, navigator.userAgent, navigator.language, kind]
        .filter(Boolean)
        .join("\n");
    box.hidden = false;
    shown.textContent = report();
    button.onclick = async () => {
      shown.textContent = report();
      await navigator.clipboard.writeText(shown.textContent);
      button.textContent = button.dataset.copied;
    };
  };
  for (const box of find(".report")) if (!box.closest(".panel")) offer(box, () => []);

  /*[ask*/
  /* Check from here: this browser requests the addresses that the project names, once, when the button is pressed.
     A response from another origin is opaque to us: it proves only that the address was reached. */
  const mark = (row, css, words) => {
    const icon = row.querySelector("svg").cloneNode(true);
    icon.firstElementChild.setAttribute("href", `#i-${css}`);
    row.lastElementChild.className = `state--${css}`;
    row.lastElementChild.replaceChildren(icon, words);
  };
  const reach = async (row, panel) => {
    const begun = performance.now();
    row.lastElementChild.textContent = panel.asking;
    const signal = AbortSignal.timeout(panel.wait * 1000);
    try {
      await fetch(row.dataset.ask, { mode: "no-cors", cache: "no-store", credentials: "omit", signal });
      mark(row, "up", say(panel.answers, Math.round(performance.now() - begun)));
      return true;
    } catch {
      mark(row, "outage", signal.aborted ? panel.late : panel.refused);
      return false;
    }
  };
  const conclude = (rows, reached) => {
    const seen = rows.filter((row) => /outage|degraded|maint/.test(row.dataset.state));
    const away = rows.filter((_, index) => !reached[index]);
    if (seen.length) return ["us", seen];
    if (!away.length) return ["well", away];
    const ours = away.filter((row) => row.dataset.state === "up");
    return ours.length ? ["between", ours] : ["unknown", away];
  };
  for (const button of find(".ask")) {
    const box = document.querySelector(".panel");
    const panel = box.dataset;
    const rows = [...box.querySelectorAll("tr[data-ask]")];
    const [title, more] = box.firstElementChild.children;
    button.hidden = false;
    button.onclick = async () => {
      box.hidden = false;
      button.disabled = true;
      title.textContent = panel.asking;
      more.textContent = "";
      title.focus();
      const [kind, named] = conclude(rows, await Promise.all(rows.map((row) => reach(row, panel))));
      const names = new Intl.ListFormat(lang).format(named.map((row) => row.firstElementChild.textContent));
      title.textContent = say(panel[kind], names);
      more.textContent = panel[`${kind}More`];
      button.disabled = false;
      offer(box.querySelector(".report"), () => [
        title.textContent,
        ...rows.map((row) => `${[...row.cells].map((cell) => cell.textContent.trim()).join(" | ")} | ${row.dataset.ask}`),
      ]);
    };
  }
  /*ask]*/

  document.addEventListener("visibilitychange", look);
  setInterval(tell, 60000);
  if (tell()) ask();
})();
