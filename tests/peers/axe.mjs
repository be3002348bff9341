// Every page of a site by axe-core in Chromium, light and dark: nothing at all may be found, no chart or table may be
// wider than a phone, and print shows one of each chart's two widths.
//
// usage: axe.mjs SITE CHROMIUM (beside node_modules with axe-core and puppeteer-core)
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const need = createRequire(path.join(process.cwd(), 'package.json'));
const puppeteer = need('puppeteer-core');
const axe = fs.readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');
const [site, chromium] = process.argv.slice(2);
const browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'] });
let faults = 0;
let pages = 0;
const fault = (...words) => { faults += 1; console.log(...words); };
for (const file of fs.readdirSync(site).filter((f) => f.endsWith('.html'))) {
  for (const scheme of ['light', 'dark']) {
    const page = await browser.newPage();
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.setViewport({ width: 1180, height: 900 });
    await page.goto(pathToFileURL(path.join(site, file)).href);
    await page.evaluate(axe);
    const found = await page.evaluate(async () => (await window.axe.run()).violations);
    for (const v of found) fault(file, scheme, v.impact, v.id, v.nodes[0].html.slice(0, 160));
    const shown = () => page.evaluate(() => ['.at-wide', '.at-narrow'].map((c) =>
      [...document.querySelectorAll(c)].filter((e) => e.checkVisibility()).length));
    const [wide, none] = await shown();
    await page.setViewport({ width: 360, height: 800 });
    const [hidden, narrow] = await shown();
    if (none || hidden || wide !== narrow) fault(file, 'charts', wide, none, hidden, narrow);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 360) fault(file, scheme, `is ${width} pixels wide on a phone of 360`);
    await page.emulateMediaType('print');
    const [printed, twice] = await shown();
    if (printed !== wide || twice) fault(file, 'print shows', printed, twice);
    await page.close();
    pages += 1;
  }
}
await browser.close();
if (faults || !pages) process.exit(1);
console.log(`axe: ${pages} pages (light and dark), nothing found, none wider than a phone`);
