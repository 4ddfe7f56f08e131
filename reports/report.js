'use strict';

// Filters: a finding is shown when its severity, its dimension and its state are all ticked.
for (const section of document.querySelectorAll('[data-findings]')) {
  const form = section.querySelector('form');
  const status = form.querySelector('[role="status"]');
  const findings = [...section.querySelectorAll('.finding')];
  const ticked = (name) =>
    new Set(
      [...form.elements].filter((input) => input.name === name && input.checked)
        .map((input) => input.value));

  const filter = () => {
    const chosen = ['severity', 'dimension', 'state'].map((name) => [name, ticked(name)]);
    for (const finding of findings) {
      finding.hidden = !chosen.every(([name, values]) => values.has(finding.dataset[name]));
    }
    for (const group of section.querySelectorAll('.group')) {
      group.hidden = group.querySelector('.finding:not([hidden])') === null;
    }
    const shown = findings.filter((finding) => !finding.hidden).length;
    status.textContent = `${shown} of ${findings.length} shown`;
  };

  form.addEventListener('input', filter);
  // The boxes are reset after this event.
  form.addEventListener('reset', () => setTimeout(filter));
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;
  filter();
}

// Whoever follows a link to a finding wants to see it.
const reveal = () => {
  const target = document.getElementById(location.hash.slice(1));
  if (!target?.matches('.finding')) return;
  if (target.hidden) target.closest('section').querySelector('form').reset();
  target.open = true;
};
addEventListener('hashchange', reveal);
reveal();

for (const button of document.querySelectorAll('[data-copy]')) {
  const command = button.previousElementSibling;
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(command.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(command);
      button.textContent = 'Selected';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
}

// On paper nothing can be opened.
let closed = [];
addEventListener('beforeprint', () => {
  closed = [...document.querySelectorAll('details:not([open])')];
  for (const details of closed) details.open = true;
});
addEventListener('afterprint', () => {
  for (const details of closed) details.open = false;
});
