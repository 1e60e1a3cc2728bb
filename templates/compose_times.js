/* Times in words, as the page writes them. Pure: no page, no clock. `words` are those of a language, from
   constat/render/compose_times.py; times are seconds since 1970, read on the page's clock by `notices`. */
const Times = (notices) => {
  const two = (number) => String(number).padStart(2, "0");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
  const read = (at) => notices.writeClock(at).match(/\d+/g).map(Number);
  const dayOf = (at) => Date.UTC(...read(at).map((part, index) => part - (index === 1)).slice(0, 3)) / 86400000;

  /* Patterns are those of CLDR, as far as a page uses them. */
  const write = (words, pattern, at) => {
    const [y, month, d, H, m] = read(at);
    const weekday = words.weekdays[(dayOf(at) + 3) % 7];
    const values = { y, d, dd: two(d), H, HH: two(H), m, mm: two(m), MMM: words.short[month - 1], MMMM: words.months[month - 1], EEEE: weekday };
    return pattern.replace(/'([^']*)'|[A-Za-z]+/g, (token, quoted) => quoted ?? values[token] ?? token);
  };
  const date = (words, pattern, at) => write(words, read(at)[2] === 1 ? pattern.replace("d", words.first) : pattern, at);

  const offset = (at) => {
    if (notices.readClock(notices.writeClock(at)).length < 2) return "";
    const [, sign, hours, minutes] = /(.)(..):(..)/.exec(notices.writeOffset(notices.offsetAt(at)));
    return ` UTC${sign}${+hours}${+minutes ? `:${minutes}` : ""}`;
  };
  const clock = (words, at, isAnnounced) => {
    const twice = offset(at);
    return write(words, isAnnounced && !twice && !read(at)[4] ? words.hour : words.clock, at) + twice;
  };
  const isThisYear = (at, now) => read(at)[0] === read(now)[0];
  const fullDay = (words, at, now) => date(words, isThisYear(at, now) ? words.full : words.year, at);

  /* `phrase` is one of the pairs of `words`: for today, and for another day. */
  const when = (words, phrase, at, now, isAnnounced = false) => {
    const day = date(words, isThisYear(at, now) ? words.day : words.dated, at);
    return fill(words[phrase][+(dayOf(at) !== dayOf(now))], { time: clock(words, at, isAnnounced), day });
  };
  const whole = (words, at) => fill(words.moment[1], { day: date(words, words.year, at), time: clock(words, at) });
  const duration = (words, seconds) => {
    const [minutes, hours, days] = [60, 3600, 86400].map((unit) => Math.floor(seconds / unit));
    const [size, values] = days
      ? [hours % 24 ? "daysHours" : "days", { days, hours: hours % 24 }]
      : hours
        ? [minutes % 60 ? "hoursMinutes" : "hours", { hours, minutes: minutes % 60, padded: two(minutes % 60) }]
        : [minutes ? "minutes" : "seconds", { minutes, seconds }];
    return fill(words.durations[size], values);
  };
  const span = (words, from, to, now, isAnnounced = false) => {
    const [start, clockThen] = [from, to].map((at) => clock(words, at, isAnnounced));
    const end = dayOf(to) - dayOf(from) > 1 ? fill(words.moment[1], { day: fullDay(words, to, now), time: clockThen }) : clockThen;
    const isMoment = dayOf(from) === dayOf(to) && start === end;
    const time = isMoment ? start : fill(words.span, { start, end });
    return fill(words.moment[1], { day: fullDay(words, from, now), time });
  };
  const beside = (words, times, ...details) => fill(words.beside, { times, beside: details.join(", ") });

  return { when, whole, duration, span, beside, fill };
};
