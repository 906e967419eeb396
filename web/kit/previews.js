// Shows what was chosen in <input type="file" data-preview="<id of a list>"> before it is sent.

function sizeWords(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function readPicture(file, picture) {
  const reader = new FileReader();  // a data: address; the page's policy allows no blob:
  reader.addEventListener('load', () => { picture.src = reader.result; });
  reader.readAsDataURL(file);
}

function mark(file) {
  if (file.type.startsWith('image/')) {
    const picture = document.createElement('img');
    picture.alt = '';
    readPicture(file, picture);
    return picture;
  }
  const label = document.createElement('span');
  label.className = 'sp-docs__th';
  label.textContent = file.name.split('.').pop().slice(0, 4).toUpperCase();
  return label;
}

function line(file) {
  const item = document.createElement('li');
  const name = document.createElement('span');
  const size = document.createElement('span');
  name.textContent = file.name;
  size.className = 'sp-2nd sp-small sp-nowrap';
  size.textContent = sizeWords(file.size);
  item.append(mark(file), name, size);
  return item;
}

function show(list) {
  const inputs = [...document.querySelectorAll('input[type="file"][data-preview]')];
  const files = inputs.filter((input) => input.dataset.preview === list.id).flatMap((input) => [...input.files]);
  list.replaceChildren(...files.map(line));
  list.hidden = files.length === 0;
}

/** Redraw the list of a file field whenever its choice changes. */
export function watchPreviews(root) {
  root.addEventListener('change', ({ target }) => {
    const list = target.dataset?.preview && document.getElementById(target.dataset.preview);
    if (list) show(list);
  });
}
