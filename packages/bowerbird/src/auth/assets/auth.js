// Adds a button to every password field that shows and hides what was typed, and keeps a form from being sent twice.
for (const input of document.querySelectorAll('input[type="password"]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'auth-reveal';
  say(button, 'Show', input);
  button.addEventListener('click', () => {
    const hidden = input.type === 'password';
    input.type = hidden ? 'text' : 'password';
    say(button, hidden ? 'Hide' : 'Show', input);
    input.focus();
  });
  const box = document.createElement('div');
  box.className = 'auth-secret';
  const focused = document.activeElement === input;
  input.replaceWith(box);
  box.append(input, button);
  if (focused) input.focus();
}

for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', () => {
    for (const input of form.querySelectorAll('.auth-secret input')) input.type = 'password';
    for (const button of form.querySelectorAll('button[type="submit"]')) {
      button.setAttribute('aria-busy', 'true');
      setTimeout(() => (button.disabled = true));
    }
  });
}

// A page that comes back from the history must not keep its button disabled.
window.addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('button[type="submit"]')) {
    button.disabled = false;
    button.removeAttribute('aria-busy');
  }
});

function say(button, verb, input) {
  const label = input.labels?.[0]?.firstChild?.textContent ?? 'password';
  button.textContent = verb;
  button.setAttribute('aria-label', `${verb} ${label.trim().toLowerCase()}`);
}
