// How one message looks. Nothing the bot wrote is ever read as HTML: elements are made from parsed entities.

/** Make an element; `on…` properties listen, null children are left out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SIMPLE = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", custom_emoji: "span" };

/** Return the nodes of a text with its entities; offsets are UTF-16 units, as in a JavaScript string. */
export function rich(text, entities, act) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return part(text, sorted, 0, text.length, act);
}

function part(text, entities, start, end, act) {
  const nodes = [];
  let place = start;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    const last = Math.min(entity.offset + entity.length, end);
    if (entity.offset < place || last <= entity.offset) continue;
    if (entity.offset > place) nodes.push(text.slice(place, entity.offset));
    const inside = entities.slice(index + 1).filter((inner) => inner.offset < last);
    nodes.push(wrap(entity, part(text, inside, entity.offset, last, act), text.slice(entity.offset, last), act));
    place = last;
  }
  if (place < end) nodes.push(text.slice(place, end));
  return nodes;
}

function wrap(entity, children, text, act) {
  const kind = entity.type;
  if (SIMPLE[kind]) return h(SIMPLE[kind], {}, ...children);
  if (kind === "pre") return h("pre", { "data-language": entity.language }, h("code", {}, ...children));
  if (kind === "text_link") return link(entity.url, children);
  if (kind === "url") return link(text, children);
  if (kind === "email") return link(`mailto:${text}`, children);
  if (kind === "spoiler") return spoiler(children);
  if (kind === "blockquote") return h("blockquote", {}, ...children);
  if (kind === "expandable_blockquote") return expandable(children);
  if (kind === "bot_command") {
    return h("button", { type: "button", class: "command", onclick: () => act.command(text) }, ...children);
  }
  return h("span", {}, ...children);
}

function link(url, children) {
  const address = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`;
  if (!/^(https?|mailto|tel|tg):/i.test(address)) return h("span", {}, ...children);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

function spoiler(children) {
  const element = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Hidden text" }, ...children);
  const open = () => {
    element.classList.add("open");
    element.removeAttribute("aria-label");
    element.removeAttribute("role");
  };
  element.addEventListener("click", open);
  element.addEventListener("keydown", (event) => event.key === "Enter" && open());
  return element;
}

function expandable(children) {
  const body = h("div", { class: "quote-body" }, ...children);
  const toggle = h("button", { type: "button", class: "quote-toggle", "aria-expanded": "false", "aria-label": "Show the whole quote" });
  const quote = h("blockquote", { class: "expandable" }, body, toggle);
  const flip = () => {
    if (!quote.classList.contains("long") && !quote.classList.contains("open")) return;
    const open = quote.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.setAttribute("aria-label", open ? "Show less" : "Show the whole quote");
  };
  toggle.addEventListener("click", (event) => {
    event.stopPropagation();
    flip();
  });
  quote.addEventListener("click", (event) => {
    if (!event.target.closest("a, button") && String(getSelection()) === "") flip();
  });
  requestAnimationFrame(() => {
    const long = body.scrollHeight > body.clientHeight + 2;
    quote.classList.toggle("long", long);
    toggle.hidden = !long;
  });
  return quote;
}

/** Return the size of a file in words. */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1048576) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1048576).toFixed(1)} MB`;
}

/** Return a short text for lists: the words, or what kind of thing it is. */
export function preview(message) {
  if (!message) return "";
  const kinds = { photo: "Photo", document: message.file?.name, sticker: "Sticker", voice: "Voice message", location: "Location", contact: "Contact", video: "Video" };
  return [kinds[message.kind], message.text].filter(Boolean).join(", ").replace(/\s+/g, " ");
}

function media(message) {
  const { kind, file } = message;
  if (kind === "photo") {
    const image = h("img", { src: file.url, alt: message.text || "Photo", loading: "lazy", width: file.width, height: file.height });
    return h("a", { class: "photo", href: file.url, target: "_blank", rel: "noopener", "aria-label": "Open the photo" }, image);
  }
  if (kind === "document" || kind === "video") {
    const ending = (file.name.split(".").pop() || "file").slice(0, 4);
    return h("a", { class: "file", href: file.url, download: file.name, "aria-label": `Download ${file.name}` },
      h("span", { class: "file-icon", "aria-hidden": "true" }, ending),
      h("span", { class: "file-name" }, h("b", {}, file.name), h("small", {}, size(file.size))));
  }
  if (kind === "sticker") return h("span", { class: "sticker", role: "img", "aria-label": "Sticker, thumbs up" }, "👍");
  if (kind === "voice") {
    const bars = [4, 9, 14, 8, 16, 11, 6, 13, 18, 10, 5, 12, 7, 15, 9, 4].map((height) => {
      const bar = h("i");
      bar.style.height = `${height}px`;
      return bar;
    });
    return h("span", { class: "voice", role: "img", "aria-label": "Voice message, 3 seconds" },
      h("span", { class: "voice-play", "aria-hidden": "true" }, "▶"), h("span", { class: "voice-bars" }, ...bars), h("small", {}, "0:03"));
  }
  if (kind === "location") {
    const { latitude, longitude } = message.location;
    return h("span", { class: "place" }, h("span", { class: "place-map", "aria-hidden": "true" }, "📍"),
      h("small", {}, `Location ${latitude.toFixed(4)}, ${longitude.toFixed(4)}`));
  }
  if (kind === "contact") {
    const { first_name: name, phone_number: phone } = message.contact;
    return h("span", { class: "file" }, h("span", { class: "file-icon", "aria-hidden": "true" }, name.slice(0, 1)),
      h("span", { class: "file-name" }, h("b", {}, name), h("small", {}, phone)));
  }
  return null;
}

function button(message, data, act) {
  const kind = data.url ? "url" : data.copy_text ? "copy" : "tap";
  const mark = { url: "↗", copy: "⧉", tap: null }[kind];
  const element = h("button", { type: "button", class: `inline ${data.style || ""}`, "data-testid": "button", "data-kind": kind,
    "data-label": data.text, onclick: () => act.button(message, data, element) },
    h("span", {}, data.text), mark && h("span", { class: "inline-mark", "aria-hidden": "true" }, mark));
  return element;
}

/** Return the element of a message. `quoted` is the message it answers, `act` what its controls do. */
export function bubble(message, quoted, act) {
  const time = new Date(message.date * 1000);
  const hours = time.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });
  const bare = message.kind === "sticker";
  const body = h("div", { class: `bubble ${bare ? "bare" : ""} ${message.kind}` },
    message.from && !message.mine && act.group ? h("strong", { class: "from" }, message.from) : null,
    message.from && message.mine && act.group ? h("strong", { class: "from" }, message.from) : null,
    quoted ? h("button", { type: "button", class: "quoted", onclick: () => act.go(quoted.id) }, h("b", {}, quoted.mine ? "You" : quoted.from || "Bot"), h("span", {}, preview(quoted))) : null,
    media(message),
    message.text ? h("div", { class: "text", dir: "auto" }, ...rich(message.text, message.entities, act)) : null,
    h("span", { class: "meta" }, message.edited ? "edited " : "", h("time", { datetime: time.toISOString(), title: time.toLocaleString("en-US") }, hours), message.mine ? h("span", { class: "tick", "aria-hidden": "true" }, " ✓") : null));
  const more = h("button", { type: "button", class: "message-more", "aria-label": "Message menu", "aria-haspopup": "menu", onclick: (event) => act.menu(message, event.currentTarget) }, "⋯");
  const rows = message.rows.map((row) => h("div", { class: "inline-row" }, ...row.map((data) => button(message, data, act))));
  return h("article", { class: `message ${message.mine ? "mine" : "theirs"}`, "data-testid": "message", "data-message-id": message.id,
    "data-mine": String(message.mine), "aria-label": `${message.mine ? "You" : message.from || "Channel"}, ${hours}`, tabindex: "-1" },
    h("div", { class: "line" }, h("div", { class: "stack" }, body,
      message.reactions.length ? h("div", { class: "reactions" }, ...message.reactions.map((emoji) => h("span", {}, emoji))) : null,
      rows.length ? h("div", { class: "inline-rows" }, ...rows) : null), more));
}
