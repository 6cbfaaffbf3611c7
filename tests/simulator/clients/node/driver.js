// Calls node-quickbooks for the tests: reads ["method", argument, …] line by line, answers each with a line of JSON.
// Of the client only its base addresses are set.
const readline = require('readline');
const QuickBooks = require('node-quickbooks');

const [base, keys] = [process.argv[2], JSON.parse(process.argv[3])];
QuickBooks.V3_ENDPOINT_BASE_URL = `${base}/production/v3/company/`;
QuickBooks.TOKEN_URL = `${base}/oauth2/v1/tokens/bearer`;
QuickBooks.REVOKE_URL = `${base}/v2/oauth2/tokens/revoke`;
QuickBooks.USER_INFO_URL = `${base}/v1/openid_connect/userinfo`;

const client = new QuickBooks(
  keys.id, keys.secret, keys.access_token, false, keys.realm, false, false, null, '2.0', keys.refresh_token,
);

// Bytes as text, of a whole HTTP response its status alone, anything else as it is.
function told(value) {
  if (Buffer.isBuffer(value)) return { bytes: value.toString('latin1') };
  return value?.request ? { status: value.status } : value ?? null;
}

function call([method, ...given]) {
  return new Promise((resolve) => {
    client[method](...given, (error, answer) => {
      const { status, data } = error?.response ?? {};
      resolve(error ? { status: status ?? null, fault: told(data ?? error) } : { answer: told(answer) });
    });
  });
}

async function serve() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const said = await call(JSON.parse(line)).catch((error) => ({ status: null, fault: String(error) }));
    process.stdout.write(`${JSON.stringify(said)}\n`);
  }
}

serve();
