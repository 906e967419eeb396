// Shows a diagram, read-only, with what is done and where it stands:
//   <div data-diagram="id"></div> <script type="application/json" id="id">{"url" | "xml", "done", "now", "failed", "words"}</script>
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './viewer.css';
import { mark } from './marks.js';

const leastReadable = 0.6;

async function readXml({ url, xml }) {
  if (xml) return xml;
  const answer = await fetch(url, { headers: { Accept: 'application/xml' } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

// The whole diagram where it can be read so; else, as on a phone, the part where it stands.
function frame(viewer, id) {
  const canvas = viewer.get('canvas');
  const shape = id && viewer.get('elementRegistry').get(id);
  if (canvas.zoom('fit-viewport', 'auto') >= leastReadable || !shape) return;
  canvas.zoom(leastReadable);
  const { width, height } = canvas.viewbox();
  canvas.viewbox({ x: shape.x + shape.width / 2 - width / 2, y: shape.y + shape.height / 2 - height / 2, width, height });
}

async function show(container) {
  const config = JSON.parse(document.getElementById(container.dataset.diagram).textContent);
  const viewer = new NavigatedViewer({ container });
  await viewer.importXML(await readXml(config));
  mark(viewer, config);
  frame(viewer, config.now?.[0]);
  container.dataset.ready = 'true';
}

document.querySelectorAll('[data-diagram]').forEach(show);
