"use strict";
// What tests and clients say is set as text and as attributes, never read as HTML.
const data = JSON.parse(document.getElementById("data").textContent);
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1000, LEFT = 150, RIGHT = 24, LANE = 24, MOST = 1000, MOST_LANES = 40;

const make = (name, attributes, text, space) => {
  const element = space ? document.createElementNS(space, name) : document.createElement(name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  if (text !== undefined) element.textContent = text;
  return element;
};
const shape = (name, attributes, title) => {
  const element = make(name, attributes, undefined, SVG);
  if (title) element.append(make("title", {}, title, SVG));
  return element;
};
const label = (x, y, text, kind, anchor) =>
  make("text", {x, y, class: kind || "", "text-anchor": anchor || "start"}, text, SVG);
const count = (number, word) => number.toLocaleString("en") + " " + word + (number === 1 ? "" : "s");
const time = ms => {
  if (ms < 60000) return +(ms / 1000).toFixed(3) + " s";
  const s = Math.round(ms / 1000), parts = [[Math.floor(s / 3600), "h"],
    [Math.floor(s / 60) % 60, "m"], [s % 60, "s"]];
  return parts.filter(part => part[0]).map(part => part.join(" ")).join(" ");
};

const unpack = place => {
  const [end = 0, flat = [], tasks = [], ids = [], again = [], findings = [], problems = []] =
    data.tests[place];
  const repeats = {};
  for (let i = 0; i < again.length; i += 2) repeats[again[i]] = again[i + 1];
  const requests = [];
  let at = 0, number = 0;
  for (let i = 0; i < flat.length; i += 4) {
    at += flat[i];
    const [method, path, status, model, fault, error, transfer] = data.kinds[flat[i + 1]];
    const own = transfer ? null : ++number;
    requests.push({at, number: own, method, status, model, fault, error, task: flat[i + 2],
      path: flat[i + 3] ? path.replace("\x1f", ids[flat[i + 3] - 1]) : path,
      again: own ? repeats[own] : undefined});
  }
  requests.sort((one, other) => one.at - other.at);
  return {end, requests, findings, problems, tasks: tasks.map(([kind, credits, deleted, history]) => {
    const [operation, model, code] = data.makes[kind], states = [];
    for (let i = 0; i < history.length; i += 2)
      states.push({at: history[i], status: data.statuses[history[i + 1]]});
    return {operation, model, code, credits, deleted, states};
  })};
};

const about = each => [each.task && "task " + each.task, each.model,
  each.again && "retry of #" + each.again, each.fault && "fault: " + each.fault, each.error]
  .filter(Boolean).join(", ");
const outcome = each => each.status === null ? "no answer" : String(each.status);
const family = each => "s" + (each.status === null ? 0 : Math.floor(each.status / 100));

// Told apart by their form as well as by their colour.
const mark = (each, x, y) => {
  const title = time(each.at) + ": " + each.method + " " + each.path + ": " + outcome(each) +
    (about(each) ? " (" + about(each) + ")" : "");
  const kind = family(each);
  const forms = {
    s2: `M${x - 1.5} ${y - 8}h3v16h-3z`,
    s4: `M${x} ${y - 7}l6 7l-6 7l-6-7z`,
    s5: `M${x - 5} ${y - 5}h10v10h-10z`,
    s0: `M${x - 6} ${y - 4}l2-2l4 4l4-4l2 2l-4 4l4 4l-2 2l-4-4l-4 4l-2-2l4-4z`,
  };
  return shape("path", {class: kind, d: forms[kind] || forms.s2}, title);
};

const picture = test => {
  const last = Math.max(test.end, 1, ...test.requests.slice(-1).map(each => each.at),
    ...test.findings.map(each => each[3]));
  const x = at => LEFT + (Math.min(at, last) / last) * (WIDTH - LEFT - RIGHT);
  const lanes = [];
  const lane = name => {
    const y = 34 + lanes.length * LANE;
    lanes.push(name);
    return y;
  };
  const parts = [];
  const says = [count(test.requests.length, "request")];
  let y = lane("requests");
  for (const each of test.requests.slice(0, MOST)) parts.push(mark(each, x(each.at), y));
  const struck = test.requests.filter(each => each.fault);
  if (struck.length) {
    says.push(count(struck.length, "fault"));
    y = lane("faults");
    for (const each of struck.slice(0, MOST))
      parts.push(shape("path", {class: "fault", d: `M${x(each.at)} ${y - 7}l6 12h-12z`},
        time(each.at) + ": " + each.fault));
  }
  test.tasks.slice(0, MOST_LANES).forEach((task, place) => {
    y = lane("task " + (place + 1) + (task.model ? " " + task.model : ""));
    const final = task.states[task.states.length - 1];
    says.push("task " + (place + 1) + " " + (final ? final.status : "without a state"));
    task.states.forEach((state, at) => {
      const next = task.states[at + 1], from = x(state.at), to = next ? x(next.at) : x(last);
      const title = time(state.at) + ": " + state.status + (next ? " until " + time(next.at) : "");
      const ends = ["SUCCEEDED", "FAILED", "CANCELLED"].includes(state.status);
      parts.push(ends
        ? shape("circle", {class: state.status, cx: from, cy: y, r: 6}, title)
        : shape("rect", {class: state.status, x: from, y: y - 7, width: Math.max(to - from, 1.5),
            height: 14}, title));
      if (!ends && to - from > 70) parts.push(label(from + 5, y + 4, state.status));
      if (ends || !next) {
        const text = (ends ? (task.code || state.status) + ", " : "") +
          count(task.credits, "credit") + (task.deleted ? ", deleted" : "");
        const right = from < WIDTH * .7 && ends;
        if (ends) parts.push(label(right ? from + 10 : from - 10, y + 4, text, "", right ? "" : "end"));
      }
    });
  });
  if (test.tasks.length > MOST_LANES) lane("… " + (test.tasks.length - MOST_LANES) + " more tasks");
  for (const [rule, level, from, to, message] of test.findings) {
    y = lane(data.rules[rule]);
    says.push((level ? "error " : "warning ") + data.rules[rule]);
    parts.push(shape("rect", {class: "f" + level, x: x(from) - 2, y: y - 5,
      width: Math.max(x(to) - x(from), 0) + 4, height: 10, rx: 5}, message));
  }
  const height = 34 + lanes.length * LANE;
  const svg = shape("svg", {viewBox: `0 0 ${WIDTH} ${height}`, role: "img",
    "aria-label": says.join(", ") + ", in " + time(last) + " of virtual time"});
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5,
    6e5, 9e5, 18e5, 36e5, 72e5, 216e5, 432e5, 864e5, 1728e5, 6048e5, 2592e6, 31536e6];
  const step = steps.find(each => last / each <= 8) || last;
  for (let at = 0; at <= last; at += step) {
    svg.append(shape("line", {class: "grid", x1: x(at), x2: x(at), y1: 18, y2: height}));
    svg.append(label(x(at), 12, time(at), "soft", "middle"));
  }
  lanes.forEach((name, place) => svg.append(label(0, 38 + place * LANE,
    name.length > 24 ? name.slice(0, 23) + "…" : name, "soft")));
  svg.append(...parts);
  const frame = make("div", {class: "picture", tabindex: "0", role: "group", "aria-label": "Picture"});
  frame.append(svg);
  return frame;
};

const table = test => {
  const found = make("table", {});
  const shown = test.requests.slice(0, MOST);
  found.append(make("caption", {}, shown.length < test.requests.length
    ? `The first ${MOST} of ${count(test.requests.length, "request")}` : "Requests"));
  const head = found.createTHead().insertRow();
  for (const name of ["at", "request", "answer", "about"]) head.append(make("th", {scope: "col"}, name));
  const body = found.createTBody();
  for (const each of shown) {
    const row = body.insertRow();
    row.className = family(each);
    for (const cell of [(each.at / 1000).toFixed(3) + " s", (each.number ? "#" + each.number + " " : "") + each.method +
      " " + each.path, outcome(each), about(each)]) row.insertCell().textContent = cell;
  }
  return found;
};

const draw = details => {
  if (details.dataset.drawn) return;
  details.dataset.drawn = "1";
  const test = unpack(+details.id.slice(1));
  if (!test.requests.length && !test.tasks.length)
    details.append(make("p", {class: "note"}, "It asked nothing of Runway."));
  else details.append(picture(test), table(test));
  if (test.findings.length || test.problems.length) {
    const list = make("ul", {});
    for (const [rule, level, from, , message] of test.findings) list.append(make("li", {},
      (level ? "error " : "warning ") + data.rules[rule] + ", at " + time(from) + ": " + message));
    for (const problem of test.problems) list.append(make("li", {}, "problem: " + problem));
    details.append(list);
  }
};
document.addEventListener("toggle", event => {
  const details = event.target;
  if (details.open && details.classList.contains("test")) draw(details);
}, true);

const form = document.getElementById("filter");
const tests = [...document.querySelectorAll(".test")];
const texts = tests.map(test => (test.parentNode.dataset.path + "::" +
  test.querySelector("span").textContent).toLowerCase());
const filter = () => {
  const {q, rule, level, outcome} = Object.fromEntries(new FormData(form));
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  tests.forEach((test, place) => {
    const {rules = "", levels = ""} = test.dataset;
    test.hidden = !(words.every(word => texts[place].includes(word)) &&
      (!rule || rules.split(" ").includes(rule)) && (!level || levels.split(" ").includes(level)) &&
      (!outcome || test.dataset.outcome === outcome));
    if (!test.hidden) shown += 1;
  });
  for (const file of document.querySelectorAll(".file"))
    file.hidden = !file.querySelector(".test:not([hidden])");
  for (const group of document.querySelectorAll(".rule")) {
    let left = 0;
    for (const found of group.querySelectorAll("li")) {
      const name = found.dataset.test.toLowerCase();
      found.hidden = !(words.every(word => name.includes(word)) &&
        (!level || found.dataset.level === level));
      if (!found.hidden) left += 1;
    }
    group.hidden = !left || (rule !== "" && group.dataset.rule !== rule);
    if (rule && !group.hidden) group.open = true;
  }
  form.elements.shown.value = `${shown.toLocaleString("en")} of ${count(tests.length, "test")}`;
};
form.addEventListener("input", filter);
form.addEventListener("submit", event => event.preventDefault());
form.hidden = false;

// An address may name a test, #t12, or what to filter by, #q=clip&rule=double_charge.
const follow = () => {
  const hash = location.hash.slice(1);
  const test = /^t\d+$/.test(hash) && document.getElementById(hash);
  if (test) {
    test.hidden = test.parentNode.hidden = false;
    test.open = true;
    draw(test);
    test.scrollIntoView();
    test.querySelector("summary").focus({preventScroll: true});
  } else if (hash.includes("=")) {
    for (const [name, value] of new URLSearchParams(hash))
      if (["q", "rule", "level", "outcome"].includes(name)) form.elements[name].value = value;
  }
};
addEventListener("hashchange", () => { follow(); filter(); });
follow();
filter();
if (/^#t\d+$/.test(location.hash)) follow();
