// Asks the browser for a passkey and puts its answer into the form, which then is sent like any other.
const form = document.querySelector('form[data-passkey]');
const read = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0));
const write = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
const say = (which) => {
  for (const words of form.querySelectorAll('[data-says]')) words.hidden = words.dataset.says !== which;
};
const send = (said) => {
  form.elements.answer.value = JSON.stringify(said);
  form.submit();
};

async function make({ challenge, domain, user, name, algorithms }) {
  const credential = await navigator.credentials.create({
    publicKey: {
      challenge: read(challenge),
      rp: { id: domain, name: domain },
      user: { id: new TextEncoder().encode(user), name, displayName: name },
      pubKeyCredParams: algorithms.split(' ').map((alg) => ({ type: 'public-key', alg: Number(alg) })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
    },
  });
  const { response } = credential;
  send({
    client_data: write(response.clientDataJSON),
    authenticator_data: write(response.getAuthenticatorData()),
    public_key: write(response.getPublicKey()),
    algorithm: response.getPublicKeyAlgorithm(),
  });
}

async function use({ challenge, domain }) {
  const credential = await navigator.credentials.get({
    publicKey: { challenge: read(challenge), rpId: domain, userVerification: 'required' },
  });
  const { response } = credential;
  send({
    credential: write(credential.rawId),
    client_data: write(response.clientDataJSON),
    authenticator_data: write(response.authenticatorData),
    signature: write(response.signature),
  });
}

if (window.PublicKeyCredential) {
  const button = form.querySelector('button');
  button.disabled = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    say('');
    (form.dataset.passkey === 'add' ? make : use)(form.dataset).catch(() => say('failed'));
  });
} else {
  say('unsupported');
}
