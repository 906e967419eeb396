// Shows a diagram, read-only, with what is done and where it stands:
//   <div data-diagram="id"></div> <script type="application/json" id="id">{"url" | "xml", "done", "now", "failed", "words"}</script>
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './viewer.css';
import { mark } from './marks.js';

const leastReadable = 0.6;
const margin = 24;

async function readXml({ url, xml }) {
  if (xml) return xml;
  const answer = await fetch(url, { headers: { Accept: 'application/xml' } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

function child(parent, name) {
  const element = document.createElement('div');
  element.className = name;
  parent.append(element);
  return element;
}

// A wide diagram, as on a phone: as high as its place, scrolling sideways, from where the case stands.
function widen(viewer, scroll, sheet, shape) {
  const canvas = viewer.get('canvas');
  const { inner } = canvas.viewbox();
  const scale = Math.min(1, Math.max(leastReadable, scroll.clientHeight / (inner.height + 2 * margin)));
  const left = inner.x - margin;
  const width = inner.width + 2 * margin;
  sheet.style.width = `${width * scale}px`;
  scroll.tabIndex = 0;
  canvas.resized();
  const height = scroll.clientHeight / scale;
  canvas.viewbox({ x: left, y: inner.y - (height - inner.height) / 2, width, height });
  viewer.get('zoomScroll').toggle(false);
  if (shape) scroll.scrollLeft = (shape.x + shape.width / 2 - left) * scale - scroll.clientWidth / 2;
}

async function show(container) {
  const config = JSON.parse(document.getElementById(container.dataset.diagram).textContent);
  const scroll = child(container, 'sp-canvas__scroll');
  const sheet = child(scroll, 'sp-canvas__sheet');
  scroll.setAttribute('role', 'group');
  scroll.setAttribute('aria-label', container.getAttribute('aria-label'));
  const viewer = new NavigatedViewer({ container: sheet });
  await viewer.importXML(await readXml(config));
  mark(viewer, config);
  const shape = viewer.get('elementRegistry').get(config.now?.[0]);
  if (viewer.get('canvas').zoom('fit-viewport', 'auto') < leastReadable) widen(viewer, scroll, sheet, shape);
  // The maker's logo stays in sight while the diagram scrolls.
  container.append(sheet.querySelector('.bjs-powered-by'));
  container.dataset.ready = 'true';
}

document.querySelectorAll('[data-diagram]').forEach(show);
