// What people do on the page, done in a browser: `node browser.mjs ADDRESS ELSEWHERE WAY FOLDER` prints a line of JSON for each task.
//
// ELSEWHERE is an address on another port, which nothing may ask. WAY is "pyodide" or "here"; FOLDER is where pictures go.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";

const [address, elsewhere, way, folder, modules] = process.argv.slice(2);
const { chromium } = createRequire(join(modules, "x.js"))("playwright-core");
const SOUND = "qemu-system-x86_64 -M q35 -device virtio-rng-pci,id=rng\n";
const REFUSED = "qemu-system-x86_64 -M q35 \\\n  -device floppy \\\n  -device e1000,addr=1f.0\n";
const DOMAIN = `<domain type='qemu'>
  <name>vm</name><memory>65536</memory><vcpu>1</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <devices>
    <controller type='pci' index='1' model='pcie-root-port'>
      <address type='pci' slot='0x1f' function='0x0'/>
    </controller>
  </devices>
</domain>
`;
const WAIT = 240_000; // milliseconds: machines that test are busy

const browser = await chromium.launch({
  executablePath: process.env.QRULES_CHROMIUM ?? "/usr/bin/chromium",
  args: "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(" "),
});
const context = await browser.newContext({ viewport: { width: 1400, height: 1000 }, colorScheme: "light" });
await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(address).origin });
let page = await context.newPage();
const complaints = [];
const asked = [];

function watch(/** @type {any} */ one) {
  one.on("console", (/** @type {any} */ told) => ["error", "warning"].includes(told.type()) && complaints.push(told.text()));
  one.on("pageerror", (/** @type {any} */ error) => complaints.push(String(error)));
  one.on("dialog", (/** @type {any} */ dialog) => complaints.push(`a dialog: ${dialog.message()}`) && dialog.dismiss());
}
watch(page);
context.on("request", (request) => asked.push(request.url()));

/** Does a task, and says how it went. */
async function task(name, act) {
  const began = performance.now();
  try {
    const figures = await act();
    console.log(JSON.stringify({ name, ms: Math.round(performance.now() - began), ...figures }));
  } catch (error) {
    await page.screenshot({ path: join(folder, `failed-${name.replaceAll(" ", "-")}.png`), fullPage: true }).catch(() => {});
    console.log(JSON.stringify({ name, error: String(error?.stack ?? error) }));
  }
}

const answered = () => page.getAttribute("body", "data-answered");

/** Does something, and waits until what comes of it is there as a whole. */
async function answer(act) {
  const before = await answered();
  await act();
  await page.waitForFunction((old) => (document.body.dataset.answered ?? null) !== old, before, { timeout: WAIT });
  return page.textContent("#state");
}
const paste = (text) => answer(() => page.fill("#text", text));
const ready = () => page.waitForSelector("body[data-ready]", { timeout: WAIT, state: "attached" });
const shot = (name) => page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });

// ------------------------------------------------------------------------------ what every way shows
await task("load", async () => {
  await page.goto(address);
  await ready();
  const cold = performance.now();
  if (way === "here") await page.waitForSelector("body[data-answered]", { timeout: WAIT, state: "attached" });
  else await paste(REFUSED);
  assert.match(await page.textContent("#state"), /^Rejected: it would not start. 2 errors\.$/);
  assert.equal(await page.locator("ul.findings > li.error").count(), 2);
  assert.equal(await page.locator("#marks mark.error").count(), 2);
  assert.deepEqual(await page.locator("#marks mark").allTextContents(), ["floppy", "e1000,addr=1f.0"]);
  await shot(`${way}-light`);
  return { first: Math.round(performance.now() - cold) };
});

await task("picture", async () => {
  await paste(SOUND);
  const drawn = page.locator(".picture svg[role=img]");
  assert.match(await drawn.getAttribute("aria-label"), /^pc-q35-11\.1 and what stands/);
  assert.ok((await drawn.locator("text").allTextContents()).some((words) => words.includes("virtio-rng-pci")));
  assert.ok((await drawn.boundingBox()).width > 300);
  assert.deepEqual(await page.evaluate(overlapping), []);
  assert.equal(await page.locator(".picture a, .picture image, .picture script, .picture [style]").count(), 0);
});

await task("mend it", async () => {
  await paste(REFUSED);
  assert.match(await page.locator(".repair pre .plus").first().textContent(), /-device isa-fdc/);
  await page.locator(".repair").first().getByRole("button", { name: "Copy the difference" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^--- as written\n\+\+\+ mended\n@@ /);
  const told = await answer(() => page.getByRole("button", { name: "Mend the text so" }).first().click());
  assert.match(told, /^Accepted/);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "answer");
  assert.match(await page.inputValue("#text"), /-device isa-fdc \\\n {2}-device floppy/);
  assert.match(await answer(() => page.click("#undo")), /^Rejected/);
  assert.equal(await page.inputValue("#text"), REFUSED);
});

if (way === "pyodide") {
  await task("why can't this plug here", async () => {
    await page.fill("#text", "");
    await page.click("#lists summary");
    await page.waitForFunction(() => document.querySelectorAll("#devices option").length > 100, null, { timeout: WAIT });
    await page.selectOption("#machine", "q35");
    await page.fill("#device", "floppy");
    await page.click("#why");
    await page.locator("#why-title:focus").waitFor({ timeout: WAIT });
    const told = await page.textContent("#why-text");
    assert.match(told, /^No: pc-q35-11\.1 does not take floppy as it stands\./);
    assert.match(told, /put before it {2}-device isa-fdc/);
  });

  await task("pick from lists", async () => {
    await page.fill("#text", "");
    await page.selectOption("#machine", "q35");
    await page.check("#nodefaults");
    await answer(() => page.click("#start"));
    await page.fill("#device", "virtio-net-pci,id=net0");
    assert.match(await answer(() => page.click("#add")), /^Accepted/);
    assert.equal(await page.inputValue("#text"), "qemu-system-x86_64 -M q35 -nodefaults \\\n  -device virtio-net-pci,id=net0\n");
    await page.fill("#device", "floppy");
    await page.getByText("This machine has no bus for it as it stands: ask why.").waitFor();
    await page.click("#lists summary");
  });

  await task("which slot is free", async () => {
    await paste(SOUND);
    await page.getByText("The same as a list").click();
    const row = page.locator(".tree li", { has: page.locator(":scope > strong", { hasText: /^pcie\.0$/ }) }).last();
    assert.match(await row.locator(":scope > .free").textContent(), /^free: 04 to 1e$/);
    assert.match(await row.locator(":scope > .facts").textContent(), /27 of 32 free/);
    assert.match(await row.locator(".mine").textContent(), /^03\.0 {2}virtio-rng-pci 'rng'$/);
  });

  await task("which version", async () => {
    await paste("qemu-system-x86_64 -M pc-q35-2.4\n");
    const told = await answer(() => page.selectOption("#other", { label: "7.2.22" }));
    assert.match(told, /^QEMU 11\.1\.3: Rejected: .* QEMU 7\.2\.22: Accepted/);
    assert.equal(await page.locator(".column").count(), 2);
    assert.ok(await page.getByText("only in this version").first().isVisible());
    await page.locator(".column").last().locator(".picture svg").waitFor();
    await shot("versions");
    await answer(() => page.selectOption("#qemu", "7.2.22"));
    assert.match(await answer(() => page.selectOption("#other", "11.1.3")), /^QEMU 7\.2\.22: Accepted.* QEMU 11\.1\.3: Rejected/);
    await page.locator(".column").last().getByRole("button", { name: "line 1, show it in the text" }).click();
    assert.equal(await page.evaluate(() => getSelection()?.toString()), "pc-q35-2.4");
    await answer(() => page.selectOption("#qemu", ""));
    await answer(() => page.selectOption("#other", ""));
  });

  await task("XML of virt-manager", async () => {
    assert.match(await paste(DOMAIN), /^Rejected: it would not start. 1 error\.$/);
    assert.match(await page.locator("ul.findings").textContent(), /Attempted double use of PCI Address 0000:00:1f\.0/);
    await page.getByRole("button", { name: "line 5, show it in the text" }).click();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "text");
    assert.match(await answer(() => page.getByRole("button", { name: "Mend the text so" }).first().click()), /^Accepted/);
    assert.ok((await page.locator(".picture text").allTextContents()).some((words) => words.includes("pci controller 1")));
    await shot("domain");
  });

  await task("why where one points and where the cursor is", async () => {
    await paste(REFUSED);
    await page.locator("#text").scrollIntoViewIfNeeded();
    const box = await page.locator("#marks mark").first().boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.locator("#tip").waitFor();
    assert.match(await page.textContent("#tip"), /floppy plugs into nothing else.*put a floppy controller/);
    await page.mouse.move(5, 5);
    await page.locator("#tip").waitFor({ state: "hidden" });
    await page.focus("#text");
    await page.evaluate((at) => document.getElementById("text").setSelectionRange(at, at), REFUSED.indexOf("e1000") + 2);
    await page.locator("#tip").waitFor();
    assert.match(await page.textContent("#tip"), /ICH9-LPC sits at 1f\.0/);
    assert.equal(await page.locator("li.here").count(), 1);
    await shot("tip");
    await page.keyboard.press("Escape");
    await page.locator("#tip").waitFor({ state: "hidden" });
  });

  await task("what others wrote is text", async () => {
    const wicked = "<img src=x onerror=alert(1)>";
    await paste(`qemu-system-x86_64 -M q35 -device '${wicked}' -device e1000,id='${wicked}'\n`);
    await paste(`<domain type='qemu'><name>&lt;script&gt;alert(1)&lt;/script&gt;</name><memory>1</memory><devices><${"x".repeat(50)}/></devices></domain>`);
    assert.equal(await page.locator("main img, main script, main iframe, main object").count(), 0);
    await paste("qemu-system-x86_64 -M q35 -device virtio-rng-pci,id='a<b>&amp;\"c'");
  });

  await task("what can't be answered is told", async () => {
    await page.fill("#text", "x".repeat(70_000));
    await page.getByText("This is too long for the page").waitFor();
    assert.match(await page.textContent("#size"), /4,464 bytes too many/);
    await paste("qemu-system-riscv64 -M virt\n");
    assert.match(await page.locator("ul.findings").textContent(), /these rules are not compiled here/);
    assert.match(await paste("hello"), /can't be read/);
  });

  await task("nothing is sent elsewhere", async () => {
    const tried = (/** @type {string} */ to) => fetch(to, { mode: "no-cors" }).then(() => "sent", () => "refused");
    const before = complaints.length;
    assert.equal(await page.evaluate(tried, elsewhere), "refused");
    assert.equal(page.workers().length, 2);
    for (const worker of page.workers()) assert.equal(await worker.evaluate(tried, elsewhere), "refused");
    complaints.splice(before); // the policy's own, about these three
    assert.deepEqual([...new Set(asked.filter((url) => !url.startsWith("blob:")).map((url) => new URL(url).origin))].filter((one) => one !== new URL(elsewhere).origin), [new URL(address).origin]);
    assert.deepEqual(await context.cookies(), []);
    assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  });

  await task("keys and names", async () => {
    await paste(REFUSED);
    await page.evaluate(() => /** @type {any} */ (document.activeElement)?.blur());
    const nameless = await page.evaluate(() => [...document.querySelectorAll("button, select, input, textarea, pre[tabindex], [role=img], [role=region]")]
      .filter((one) => !(one.textContent.trim() || one.getAttribute("aria-label") || /** @type {any} */ (one).labels?.length)).map((one) => one.outerHTML));
    assert.deepEqual(nameless, []);
    const reached = [];
    await page.focus(".skip");
    for (let stop = 0; stop < 40; stop += 1) {
      reached.push(await page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim()));
      await page.keyboard.press("Tab");
    }
    for (const name of ["a refused one", "text", "qemu", "other", "libvirt", "profile", "line 2", "Mend the text so"]) assert.ok(reached.includes(name), `${name} in ${reached}`);
    assert.equal(await page.getAttribute("#state", "aria-live"), "polite");
  });

  await task("light and dark, wide and narrow", async () => {
    await paste(REFUSED);
    for (const scheme of /** @type {const} */ (["light", "dark"])) {
      await page.emulateMedia({ colorScheme: scheme });
      const poor = await page.evaluate(contrasts);
      assert.deepEqual(poor, [], scheme);
    }
    await shot("dark");
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 390, height: 844 });
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
    await shot("phone");
    await page.setViewportSize({ width: 1400, height: 1000 });
  });

  await task("load again", async () => {
    await page.close();
    page = await context.newPage();
    watch(page);
    await page.goto(address);
    await ready();
    const began = performance.now();
    await paste(REFUSED);
    const first = Math.round(performance.now() - began);
    const again = performance.now();
    await paste(`${REFUSED.trim()} -m 1G\n`);
    return { first, next: Math.round(performance.now() - again) };
  });
}

await task("no complaints", async () => assert.deepEqual(complaints, []));
await browser.close();

/** Texts of the picture that lie on one another. Runs in the page. */
function overlapping() {
  const texts = [...document.querySelectorAll(".picture text")].map((one) => ({ words: one.textContent, box: one.getBoundingClientRect() }));
  const on = (/** @type {DOMRect} */ a, /** @type {DOMRect} */ b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
  return texts.flatMap((one, at) => texts.slice(at + 1).filter((other) => on(one.box, other.box)).map((other) => `${one.words} on ${other.words}`));
}

/** Texts whose contrast with what is behind them is below 4.5 to 1 (WCAG 2.2, 1.4.3). Runs in the page. */
function contrasts() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (/** @type {string} */ colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (/** @type {number[]} */ c) => c.slice(0, 3).map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const poor = [];
  for (const one of document.querySelectorAll("h1, h2, h3, p, dt, dd, button, label, legend, summary, small, .level, .facts, pre span, li > div")) {
    if (!one.getClientRects().length || !one.textContent.trim() || one.classList.contains("unseen")) continue;
    let behind = /** @type {Element | null} */ (one);
    while (behind && rgb(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
    const [a, b] = [light(rgb(getComputedStyle(one).color)), light(rgb(getComputedStyle(behind ?? document.documentElement).backgroundColor))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(`${one.textContent.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return poor;
}
