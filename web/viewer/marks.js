// Marks elements by colour and by a word, for colour alone says nothing to some.

const kinds = ['done', 'now', 'failed'];

function badge(kind, words) {
  const element = document.createElement('span');
  element.className = `sp-mark sp-mark--${kind}`;
  element.textContent = words;
  return element;
}

/** Mark the elements that `config` names; ids that the diagram does not draw are passed over. */
export function mark(viewer, config) {
  const canvas = viewer.get('canvas');
  const overlays = viewer.get('overlays');
  const registry = viewer.get('elementRegistry');
  for (const kind of kinds) {
    for (const id of (config[kind] ?? []).filter((each) => registry.get(each))) {
      canvas.addMarker(id, `sp-is-${kind}`);
      const words = config.words?.[kind];
      if (words) overlays.add(id, { position: { top: -12, left: 6 }, html: badge(kind, words) });
    }
  }
}
