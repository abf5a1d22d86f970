// The chat page: the chats on the left, one of them in the middle, the clock above. All state is the server's.
import { bubble, h, preview } from "/render.js";

const $ = (id) => document.getElementById(id);
const chats = new Map(); // chat id -> what the server says of it, with unread
const nodes = new Map(); // message id -> [written message, element], of the open chat
let messages = new Map(); // message id -> message, of the open chat
let open = null; // id of the open chat
let bot = { name: "Bot", description: "", commands: [] };
let clock = { ahead: 0, frozen: null };
let editing = null;
let answering = null;
let typingTimer = 0;
let missed = 0;
const waiting = new Map(); // callback query -> its button
const answered = new Set(); // callback queries answered before the tap returned

// -- talking with the server ------------------------------------------------------------------------------

async function ask(path, body, method) {
  const options = { method: method || (body ? "POST" : "GET") };
  if (body instanceof FormData) options.body = body;
  else if (body) Object.assign(options, { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  const response = await fetch(`/local/${path}`, options);
  const answer = await response.json();
  if (!response.ok) {
    toast(answer.error || "That did not work.");
    throw new Error(answer.error);
  }
  return answer;
}

function listen() {
  const events = new EventSource("/local/events");
  events.onmessage = ({ data }) => hear(JSON.parse(data));
  events.onerror = () => ($("offline").hidden = false);
}

const heard = {
  async hello() {
    $("offline").hidden = true;
    await Promise.all([loadBot(), loadClock(), loadChats()]);
    if (open !== null) await load(open);
    else await openFromAddress();
  },
  message({ chat, message }) {
    const known = chats.get(chat);
    if (!known) return loadChats();
    if (!message.hidden && (!known.last || message.id >= known.last.id)) known.last = message;
    if (chat === open) {
      const fresh = !messages.has(message.id);
      messages.set(message.id, message);
      if (!message.mine && fresh) typing(false);
      drawMessages(fresh && message.mine);
      if (fresh && !message.mine && !atBottom()) missed += 1;
      drawFoot();
    } else if (!message.mine) {
      known.unread = (known.unread || 0) + 1;
    }
    return drawPeople();
  },
  gone({ chat, message_id: id }) {
    if (chat === open && messages.delete(id)) drawMessages();
    return loadChat(chat);
  },
  typing({ chat }) {
    if (chat === open) typing(true);
  },
  answer({ chat, query, text, alert }) {
    const button = waiting.get(query);
    if (button) settle(query, button);
    else answered.add(query);
    if (!text || chat !== open) return;
    if (alert) {
      $("alert-text").textContent = text;
      if (!$("alert").open) $("alert").showModal();
    } else toast(text);
  },
  chat: ({ chat }) => loadChat(chat),
  bot: loadBot,
  clock: loadClock,
};

function hear(event) {
  heard[event.type]?.(event);
}

async function loadBot() {
  bot = await ask("bot");
  drawTop();
  drawFoot();
}

async function loadChats() {
  for (const chat of await ask("people")) chats.set(chat.chat, { ...chats.get(chat.chat), ...chat });
  drawPeople();
}

async function loadChat(id) {
  const [chat] = await ask(`people?chat=${id}`);
  chats.set(id, { ...chats.get(id), ...chat });
  drawPeople();
  if (id === open) {
    drawTop();
    drawFoot();
  }
}

async function load(id) {
  const answer = await ask(`messages?chat=${id}`);
  if (id !== open) return;
  chats.set(id, { ...chats.get(id), ...answer.chat, unread: 0 });
  messages = new Map(answer.messages.map((message) => [message.id, message]));
  drawPeople();
  drawTop();
  drawMessages(true);
  drawFoot();
  typing(answer.chat.typing);
}

// -- the list of chats ------------------------------------------------------------------------------------

function hue(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 360;
  return sum;
}

function paint(element, name) {
  element.style.setProperty("--hue", hue(name));
  element.textContent = (name.match(/\p{L}|\p{N}/u) || ["•"])[0].toUpperCase();
  return element;
}

function shortTime(seconds) {
  const date = new Date(seconds * 1000);
  const days = Math.round((startOfDay(now()) - startOfDay(date)) / 86400000);
  if (days === 0) return date.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });
  if (days > 0 && days < 7) return date.toLocaleDateString("en-US", { weekday: "short" });
  return date.toLocaleDateString("en-US", { month: "short", day: "numeric" });
}

function drawPeople() {
  const list = [...chats.values()].sort((a, b) => (b.last?.date || 0) - (a.last?.date || 0) || (b.last?.id || 0) - (a.last?.id || 0));
  const focused = document.activeElement?.dataset?.chat;
  $("people").replaceChildren(...list.map((chat) => {
    const text = chat.blocked ? "Bot blocked" : preview(chat.last) || { private: "No messages yet", group: "Group", channel: "Channel" }[chat.kind];
    return h("li", {}, h("button", { type: "button", class: "person", "data-testid": `person-${chat.name}`, "data-chat": chat.chat,
      "aria-current": chat.chat === open ? "true" : null, onclick: () => show(chat.chat) },
      paint(h("span", { class: "avatar", "aria-hidden": "true" }), chat.name),
      h("span", { class: "person-words" },
        h("span", { class: "person-line" }, h("b", {}, chat.name), h("small", {}, chat.last ? shortTime(chat.last.date) : "")),
        h("span", { class: "person-line" }, h("span", { class: "person-last" }, (chat.last?.mine && !chat.blocked ? "You: " : "") + text),
          chat.unread ? h("span", { class: "unread", "aria-label": `${chat.unread} unread` }, String(chat.unread)) : null))));
  }));
  if (focused) $("people").querySelector(`[data-chat="${focused}"]`)?.focus();
}

async function show(id) {
  if (open !== id) {
    nodes.clear();
    messages = new Map();
    $("messages").replaceChildren();
    forget();
    $("input").value = "";
  }
  open = id;
  const chat = chats.get(id);
  $("app").classList.add("open");
  $("chat").hidden = false;
  $("nobody").hidden = true;
  document.title = `${chat.name} · Local Telegram`;
  history.replaceState(null, "", `/?${chat.kind === "private" ? "person" : chat.kind}=${encodeURIComponent(chat.name)}`);
  await load(id);
  if (matchMedia("(pointer: fine)").matches) $("input").focus();
}

async function openFromAddress() {
  const name = new URLSearchParams(location.search).get("person");
  if (name?.trim()) await add("people", name.trim());
  else if (chats.size && innerWidth > 720) await show([...chats.values()].sort((a, b) => (b.last?.id || 0) - (a.last?.id || 0))[0].chat);
}

async function add(kind, name) {
  const chat = await ask(kind, { name });
  chats.set(chat.chat, { ...chats.get(chat.chat), ...chat });
  drawPeople();
  await show(chat.chat);
}

// -- the open chat ----------------------------------------------------------------------------------------

function drawTop() {
  const chat = chats.get(open);
  if (!chat) return;
  const alone = chat.kind === "private";
  $("title").textContent = alone ? bot.name : chat.name;
  paint($("avatar"), alone ? bot.name : chat.name);
  $("status").textContent = alone ? `bot · you are ${chat.name}` : chat.kind + (chat.member ? " · the bot is in it" : " · the bot is not in it");
  const last = chat.pinned.map((id) => messages.get(id)).filter(Boolean).pop();
  $("pinned").hidden = !last;
  if (last) {
    $("pinned").replaceChildren(h("b", {}, "Pinned message"), h("span", {}, preview(last)));
    $("pinned").onclick = () => go(last.id);
  }
}

function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

function dayName(date) {
  const days = Math.round((startOfDay(now()) - startOfDay(date)) / 86400000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  const year = date.getFullYear() === now().getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString("en-US", { weekday: "long", month: "long", day: "numeric", year });
}

function element(message) {
  const written = JSON.stringify(message);
  const known = nodes.get(message.id);
  if (known && known[0] === written) return known[1];
  const place = known && known[1].contains(document.activeElement)
    ? [...known[1].querySelectorAll("button, a")].indexOf(document.activeElement) : -1;
  const acts = { button: press, command: say, menu: messageMenu, go, group: chats.get(open)?.kind === "group" };
  const made = bubble(message, messages.get(message.reply_to), acts);
  if (known) {
    known[1].replaceWith(made);
    if (place >= 0) ([...made.querySelectorAll("button.inline")][0] || made).focus({ preventScroll: true });
  } else made.classList.add("fresh");
  nodes.set(message.id, [written, made]);
  return made;
}

function atBottom() {
  const scroll = $("scroll");
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 90;
}

function drawMessages(toEnd = false) {
  const stay = !toEnd && !atBottom();
  const wanted = [];
  let day = "";
  let before = null;
  for (const message of messages.values()) {
    const date = new Date(message.date * 1000);
    if (date.toDateString() !== day) {
      day = date.toDateString();
      wanted.push(h("div", { class: "day", role: "separator" }, h("span", {}, dayName(date))));
      before = null;
    }
    const made = element(message);
    made.classList.toggle("follows", before !== null && before.mine === message.mine && message.date - before.date < 300);
    wanted.push(made);
    before = message;
  }
  for (const id of nodes.keys()) if (!messages.has(id)) nodes.delete(id);
  const box = $("messages");
  // Only what is new or gone is touched, so that focus and open quotes stay.
  const old = [...box.children];
  const kept = new Set(wanted);
  for (const child of old) if (!kept.has(child)) child.remove();
  wanted.forEach((child, index) => box.children[index] !== child && box.insertBefore(child, box.children[index] || null));
  drawTop();
  if (!stay) toBottom();
}

function toBottom() {
  const scroll = $("scroll");
  scroll.scrollTop = scroll.scrollHeight;
  for (const image of scroll.querySelectorAll("img")) if (!image.complete) image.addEventListener("load", () => (scroll.scrollTop = scroll.scrollHeight), { once: true });
  missed = 0;
  $("down").hidden = true;
}

function go(id) {
  const target = nodes.get(id)?.[1];
  if (!target) return;
  target.scrollIntoView({ block: "center", behavior: "smooth" });
  target.classList.remove("flash");
  requestAnimationFrame(() => target.classList.add("flash"));
}

function typing(on) {
  clearTimeout(typingTimer);
  $("typing").hidden = !on;
  $("status").hidden = on;
  if (on) typingTimer = setTimeout(() => typing(false), 5000);
}

function drawFoot() {
  const chat = chats.get(open);
  if (!chat) return;
  const empty = messages.size === 0;
  const alone = chat.kind === "private";
  $("empty").hidden = !empty || !alone;
  $("empty-title").textContent = bot.description ? "What can this bot do?" : "No messages here yet";
  $("empty-text").textContent = bot.description || `Tap START to write to ${bot.name} as ${chat.name}.`;
  $("unblock").hidden = !chat.blocked;
  $("start").hidden = !(alone && empty && !chat.started) || chat.blocked;
  $("compose").hidden = chat.blocked;
  $("menu").hidden = !alone || bot.commands.length === 0;
  $("sender").hidden = chat.kind !== "group";
  if (chat.kind === "group") {
    const people = [...chats.values()].filter((other) => other.kind === "private").map((other) => other.name);
    const chosen = $("sender").value;
    $("sender").replaceChildren(...(people.length ? people : ["Ana"]).map((name) => h("option", { selected: name === chosen }, name)));
  }
  const rows = chat.keyboard?.keyboard || [];
  $("keyboard").hidden = rows.length === 0;
  $("keyboard").replaceChildren(...rows.map((row) => h("div", {}, ...row.map((key) => h("button", { type: "button", onclick: () => pressKey(key) }, key.text)))));
}

function pressKey(key) {
  if (key.request_location) return attach("location");
  if (key.request_contact) return attach("contact");
  return say(key.text);
}

// -- what the person does ---------------------------------------------------------------------------------

const from = () => (chats.get(open)?.kind === "group" ? { from: $("sender").value } : {});

async function say(text) {
  const answer = answering ? { reply_to: answering } : {};
  forget();
  await ask("text", { chat: open, text, ...from(), ...answer });
}

async function submit() {
  const text = $("input").value.trim();
  if (!text) return;
  $("input").value = "";
  grow();
  commands(false);
  if (editing) {
    const id = editing;
    forget();
    await ask("edit", { chat: open, message_id: id, text });
  } else await say(text);
}

async function press(message, data, button) {
  if (data.url) {
    if (/^(https?|tg):/i.test(data.url)) window.open(data.url, "_blank", "noopener");
    return;
  }
  if (data.copy_text) {
    await copy(data.copy_text.text);
    return;
  }
  if (data.callback_data === undefined || button.classList.contains("busy")) return;
  button.classList.add("busy");
  button.setAttribute("aria-busy", "true");
  const { query } = await ask("tap", { chat: open, message_id: message.id, data: data.callback_data, ...from() });
  if (answered.delete(query)) settle(query, button);
  else {
    waiting.set(query, button);
    setTimeout(() => settle(query, button), 15000);
  }
}

function settle(query, button) {
  waiting.delete(query);
  button.classList.remove("busy");
  button.removeAttribute("aria-busy");
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    toast(`Copy this: ${text}`);
  }
}

async function attach(kind) {
  if (kind === "photo" || kind === "document") $(`pick-${kind}`).click();
  else await ask("send", { chat: open, kind, ...from() });
}

async function upload(kind, files) {
  const caption = $("input").value.trim();
  const album = files.length > 1 ? String(Date.now()) : "";
  let first = true;
  for (const file of files) {
    const form = new FormData();
    const fields = { chat: open, kind, ...from(), ...(first && caption ? { caption } : {}), ...(album ? { media_group_id: album } : {}) };
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", file, file.name);
    await ask("send", form);
    first = false;
  }
  if (caption) $("input").value = "";
  grow();
}

function context(title, message) {
  $("context").hidden = false;
  $("context-title").textContent = title;
  $("context-text").textContent = preview(message);
  $("input").focus();
}

function forget() {
  editing = answering = null;
  $("context").hidden = true;
}

function grow() {
  const input = $("input");
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 160)}px`;
  $("send").classList.toggle("ready", input.value.trim() !== "");
}

function toast(text) {
  const made = h("div", { class: "toast", "data-testid": "toast" }, text);
  $("toasts").append(made);
  setTimeout(() => made.remove(), Math.max(3500, text.length * 60));
}

// -- menus ------------------------------------------------------------------------------------------------

let opener = null;

function menu(anchor, items) {
  const popup = $("popup");
  if (opener === anchor) return closeMenu();
  closeMenu();
  opener = anchor;
  anchor.setAttribute("aria-expanded", "true");
  popup.replaceChildren(...items.map(([label, act, danger]) => h("button", { type: "button", role: "menuitem", class: danger ? "danger" : null,
    onclick: () => {
      closeMenu();
      act();
    } }, label)));
  popup.hidden = false;
  const box = anchor.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left + box.width / 2 - popup.offsetWidth / 2), innerWidth - popup.offsetWidth - 8);
  const above = box.top - popup.offsetHeight - 6;
  popup.style.left = `${left}px`;
  popup.style.top = `${box.bottom + popup.offsetHeight + 12 > innerHeight ? Math.max(8, above) : box.bottom + 6}px`;
  popup.querySelector("button").focus();
  return undefined;
}

function closeMenu() {
  if ($("popup").hidden) return;
  $("popup").hidden = true;
  opener?.setAttribute("aria-expanded", "false");
  opener?.focus({ preventScroll: true });
  opener = null;
}

function messageMenu(message, anchor) {
  const items = [["Reply", () => {
    forget();
    answering = message.id;
    context("Reply", message);
  }]];
  if (message.text) items.push(["Copy text", () => copy(message.text)]);
  if (message.mine && message.text) items.push(["Edit", () => {
    forget();
    editing = message.id;
    context("Edit message", message);
    $("input").value = message.text;
    grow();
  }]);
  items.push(["Delete for me", () => ask("delete", { chat: open, message_id: message.id }), true]);
  menu(anchor, items);
}

function chatMenu(anchor) {
  const chat = chats.get(open);
  if (chat.kind === "private") {
    menu(anchor, [chat.blocked
      ? ["Unblock the bot", () => ask("block", { chat: open, blocked: false })]
      : ["Block the bot", () => ask("block", { chat: open, blocked: true }), true]]);
  } else menu(anchor, [[chat.member ? "Add the bot again" : "Add the bot", () => ask("add-bot", { chat: open, ...from() })]]);
}

let chosen = 0;

function commands(wanted) {
  const typed = $("input").value;
  const start = typed.startsWith("/") ? typed.slice(1).toLowerCase() : "";
  const fitting = wanted && !/\s/.test(typed) ? bot.commands.filter(({ command }) => command.startsWith(start)) : [];
  const list = $("commands");
  list.hidden = fitting.length === 0;
  $("menu").setAttribute("aria-expanded", String(!list.hidden));
  chosen = Math.min(Math.max(chosen, 0), Math.max(fitting.length - 1, 0));
  list.replaceChildren(...fitting.map(({ command, description }, index) => h("li", { role: "option", "aria-selected": String(index === chosen),
    onmousedown: (event) => {
      event.preventDefault();
      pick(command);
    } }, h("b", {}, `/${command}`), h("span", {}, description))));
}

function pick(command) {
  $("input").value = "";
  grow();
  commands(false);
  say(`/${command}`);
}

// -- the clock --------------------------------------------------------------------------------------------

function now() {
  return clock.frozen || new Date(Date.now() + clock.ahead);
}

async function loadClock() {
  const answer = await ask("clock");
  const moment = new Date(answer.now);
  clock = { ahead: moment - Date.now(), frozen: answer.frozen ? moment : null };
  $("clock-note").textContent = answer.frozen ? "stands still" : Math.abs(answer.offset) < 60 ? "real time" : ahead(answer.offset);
  tick();
  if (chats.size) drawPeople();
  if (messages.size) drawMessages();
}

function ahead(seconds) {
  const days = Math.floor(Math.abs(seconds) / 86400);
  const hours = Math.round((Math.abs(seconds) % 86400) / 3600);
  const parts = [days && `${days} day${days === 1 ? "" : "s"}`, hours && `${hours} h`].filter(Boolean).join(" ");
  return `${parts || "a little"} ${seconds < 0 ? "back" : "ahead"}`;
}

function tick() {
  const date = now();
  const narrow = innerWidth <= 720;
  $("clock-now").textContent = date.toLocaleString("en-US", narrow
    ? { weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" }
    : { weekday: "long", month: "long", day: "numeric", year: "numeric", hour: "numeric", minute: "2-digit" });
  $("clock-now").dateTime = date.toISOString();
}

// -- listening to the page --------------------------------------------------------------------------------

for (const button of document.querySelectorAll("[data-move]")) button.addEventListener("click", () => ask("clock", { move: Number(button.dataset.move) }));
for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());

$("clock-pick").addEventListener("click", () => {
  const date = now();
  $("clock-value").value = new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  $("clock-dialog").showModal();
});
$("clock-dialog").querySelector("form").addEventListener("submit", () => ask("clock", { set: new Date($("clock-value").value).toISOString() }));

function newChat() {
  $("new-name").value = "";
  $("new-dialog").showModal();
  $("new-name").focus();
}
$("new").addEventListener("click", newChat);
$("nobody-new").addEventListener("click", newChat);
$("new-dialog").querySelector("form").addEventListener("submit", (event) => {
  const name = $("new-name").value.trim();
  if (name) add(new FormData(event.target).get("kind"), name);
});

$("back").addEventListener("click", () => {
  const was = open;
  open = null;
  $("app").classList.remove("open");
  $("chat").hidden = true;
  $("nobody").hidden = false;
  history.replaceState(null, "", "/");
  drawPeople();
  $("people").querySelector(`[data-chat="${was}"]`)?.focus();
});
$("more").addEventListener("click", (event) => chatMenu(event.currentTarget));
$("start").addEventListener("click", () => say("/start"));
$("unblock").addEventListener("click", () => ask("block", { chat: open, blocked: false }));
$("down").addEventListener("click", toBottom);
$("context-close").addEventListener("click", () => {
  if (editing) $("input").value = "";
  forget();
  grow();
});
$("scroll").addEventListener("scroll", () => {
  const bottom = atBottom();
  if (bottom) missed = 0;
  $("down").hidden = bottom;
  $("down").dataset.missed = missed || "";
});

$("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
$("input").addEventListener("input", () => {
  grow();
  chosen = 0;
  commands($("input").value.startsWith("/"));
});
$("input").addEventListener("keydown", (event) => {
  const list = $("commands");
  const listed = !list.hidden;
  if (listed && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    const count = list.children.length;
    chosen = (chosen + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
    commands(true);
  } else if (listed && (event.key === "Tab" || event.key === "Enter") && !event.shiftKey) {
    event.preventDefault();
    pick(list.children[chosen].querySelector("b").textContent.slice(1));
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  } else if (event.key === "Escape") {
    if (listed) commands(false);
    else if (editing || answering) $("context-close").click();
  } else if (event.key === "ArrowUp" && !$("input").value) {
    const own = [...messages.values()].filter((message) => message.mine && message.kind === "text").pop();
    if (own) {
      event.preventDefault();
      editing = own.id;
      context("Edit message", own);
      $("input").value = own.text;
      grow();
    }
  }
});
$("menu").addEventListener("click", () => {
  const show = $("commands").hidden;
  $("input").focus();
  commands(show);
});
$("attach").addEventListener("click", (event) => menu(event.currentTarget, [
  ["🖼  Photo", () => attach("photo")],
  ["📄  Document", () => attach("document")],
  ["👍  Sticker", () => attach("sticker")],
  ["🎙  Voice message", () => attach("voice")],
  ["📍  Location", () => attach("location")],
  ["👤  Contact", () => attach("contact")],
]));
for (const kind of ["photo", "document"]) {
  $(`pick-${kind}`).addEventListener("change", async (event) => {
    await upload(kind, [...event.target.files]);
    event.target.value = "";
  });
}
$("chat").addEventListener("dragover", (event) => event.preventDefault());
$("chat").addEventListener("drop", (event) => {
  event.preventDefault();
  const files = [...event.dataTransfer.files];
  if (files.length) upload(files.every((file) => file.type.startsWith("image/")) ? "photo" : "document", files);
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("#popup") && event.target.closest("[aria-haspopup]") !== opener) closeMenu();
  if (!event.target.closest("#commands, #menu, #input")) commands(false);
});
document.addEventListener("keydown", (event) => {
  if ($("popup").hidden) return;
  const items = [...$("popup").querySelectorAll("button")];
  const place = items.indexOf(document.activeElement);
  if (event.key === "Escape") closeMenu();
  else if (event.key === "ArrowDown") items[(place + 1) % items.length].focus();
  else if (event.key === "ArrowUp") items[(place + items.length - 1) % items.length].focus();
  else return;
  event.preventDefault();
});
setInterval(tick, 1000);
listen();
