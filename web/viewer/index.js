// Shows a diagram, read-only, with what is done and where it stands:
//   <div data-diagram="id"></div> <script type="application/json" id="id">{"url" | "xml", "done", "now", "failed", "words"}</script>
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './viewer.css';
import { mark } from './marks.js';

async function readXml({ url, xml }) {
  if (xml) return xml;
  const answer = await fetch(url, { headers: { Accept: 'application/xml' } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

async function show(container) {
  const config = JSON.parse(document.getElementById(container.dataset.diagram).textContent);
  const viewer = new NavigatedViewer({ container });
  await viewer.importXML(await readXml(config));
  viewer.get('canvas').zoom('fit-viewport', 'auto');
  mark(viewer, config);
  container.dataset.ready = 'true';
}

document.querySelectorAll('[data-diagram]').forEach(show);
