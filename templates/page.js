/* Everything works without this. It says when the page is old, adds the reader's own time, and copies a report. */
(() => {
  const page = document.documentElement.dataset;
  const lang = document.documentElement.lang;
  const find = (css) => document.querySelectorAll(css);
  const say = (text, n) => text.replace("{n}", n);
  const age = (at) => Math.floor((Date.now() / 1000 - at) / 60);
  const words = (minutes, short, long) => (minutes < 120 ? say(short, minutes) : say(long, Math.floor(minutes / 60)));

  /* How old the newest data are, in words that stay true while the page is open. */
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

  /* A host may have given us an old copy: ask past every cache, and show a newer page if there is one. */
  const ask = async () => {
    try {
      const answer = await fetch(location.href, { cache: "reload" });
      const built = /data-built="(\d+)"/.exec(await answer.text());
      if (answer.ok && built && +built[1] > +page.built) location.reload();
    } catch {
      /* No connection: what is here is what there is, and its age is said. */
    }
  };

  const look = () => {
    if (document.visibilityState === "visible") {
      tell();
      ask();
    }
  };

  /* The reader's own clock, where it is another one than the page's. */
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

  for (const box of find(".report")) {
    const [shown, button] = [box.querySelector("pre"), box.querySelector("button")];
    const report = () =>
      [new Date().toISOString(), shown.dataset.state, shown.dataset.reference, location.href, navigator.userAgent, navigator.language]
        .filter(Boolean)
        .join("\n");
    box.hidden = false;
    shown.textContent = report();
    button.onclick = async () => {
      shown.textContent = report();
      await navigator.clipboard.writeText(shown.textContent);
      button.textContent = button.dataset.copied;
    };
  }

  document.addEventListener("visibilitychange", look);
  setInterval(tell, 60000);
  if (tell()) ask();
})();
