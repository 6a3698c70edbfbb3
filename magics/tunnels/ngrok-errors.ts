import { ColabCodeError, type ErrorCode } from "../errors.ts";
import { type AgentFailure, agentGone } from "./ngrok-messages.ts";
import { redact } from "./redact.ts";

interface Explanation {
  readonly code?: ErrorCode;
  readonly sentence: string;
  readonly hint: string;
  /** True when trying again later can help without a change by the user. */
  readonly isTemporary?: boolean;
}

const tokenPage = "https://dashboard.ngrok.com/get-started/your-authtoken";

/** What ngrok's codes mean for the person in the notebook. */
const explanations: Readonly<Record<string, Explanation>> = {
  ERR_NGROK_105: {
    sentence: "ngrok says that this is not an authtoken.",
    hint: `Copy the whole token from ${tokenPage} (an API key is something else).`,
  },
  ERR_NGROK_107: {
    sentence: "ngrok does not know this authtoken: it was reset or belongs to a removed account.",
    hint: `Copy the current one from ${tokenPage}.`,
  },
  ERR_NGROK_108: {
    sentence: "The ngrok account has no agent session left: another program is using it.",
    hint: "End the other agent (https://dashboard.ngrok.com/agents shows them) and try again.",
    isTemporary: true,
  },
  ERR_NGROK_120: {
    sentence: "ngrok says that this version of its agent is too old for the account.",
    hint: "Update with: npm install @ngrok/ngrok@latest",
  },
  ERR_NGROK_320: {
    sentence: "The domain belongs to another ngrok account.",
    hint: "Use one of your own from https://dashboard.ngrok.com/domains, or leave --domain out.",
  },
  ERR_NGROK_313: {
    sentence: "The ngrok account may not choose this domain.",
    hint: "Use the one that https://dashboard.ngrok.com/domains shows, or leave --domain out.",
  },
  ERR_NGROK_324: {
    sentence: "The ngrok account may not open more tunnels at the same time.",
    hint: "Stop one with: %colabcode stop NAME",
    isTemporary: true,
  },
  ERR_NGROK_333: {
    sentence: "ngrok no longer knows this tunnel.",
    hint: "Run the cell again to open a new one.",
  },
  ERR_NGROK_334: {
    sentence: "The domain is already in use by another tunnel.",
    hint: "Stop the other one (https://dashboard.ngrok.com/endpoints shows it), or use another --domain.",
    isTemporary: true,
  },
  ERR_NGROK_3200: {
    sentence: "ngrok says that no tunnel is open at this URL.",
    hint: "Run the cell again to open a new one.",
    isTemporary: true,
  },
  ERR_NGROK_4018: {
    code: "NO_TOKEN",
    sentence: "ngrok wants a verified account and its authtoken.",
    hint: `Sign up (free) at https://dashboard.ngrok.com/signup, then set NGROK_AUTHTOKEN to the token from ${tokenPage}.`,
  },
  ERR_NGROK_8012: {
    sentence: "ngrok reached the agent, but the agent did not reach the local service.",
    hint: "Look at the service's log: %colabcode status",
    isTemporary: true,
  },
};

/** The error for the notebook: one sentence and the fix, without the token. */
export function explainFailure(
  failure: AgentFailure,
  { server, secrets }: { server: string; secrets: readonly (string | undefined)[] },
): ColabCodeError {
  const known = explain(failure, server);
  const suffix = failure.code === undefined ? "" : ` (${failure.code})`;
  return new ColabCodeError(known.code ?? "TUNNEL_FAILED", `${known.sentence}${suffix}`, {
    hint: known.hint,
    cause: new Error(redact(failure.message, secrets)),
  });
}

/** The sentence and fix for one code that a page of ngrok's may carry; undefined for unknown ones. */
export function explainCode(code: string): { sentence: string; hint: string } | undefined {
  return explanations[code];
}

/** False when only the user can change it: a wrong token, a foreign domain. */
export function isTemporary(failure: AgentFailure): boolean {
  return failure.code === undefined || explanations[failure.code]?.isTemporary === true;
}

function explain({ code, message }: AgentFailure, server: string): Explanation {
  if (code !== undefined) {
    return (
      explanations[code] ?? {
        sentence: "ngrok refused the tunnel.",
        hint: `See https://ngrok.com/docs/errors/${code.toLowerCase()}`,
      }
    );
  }
  if (message.startsWith(agentGone)) {
    const signal = /^ by (SIG\w+)/.exec(message.slice(agentGone.length))?.[1];
    const end = signal === undefined ? "ended by itself" : `was ended by ${signal}`;
    return {
      sentence: `The ngrok agent's process ${end}.`,
      hint: "Run the cell again; if it happens again, %colabcode doctor says what is missing.",
    };
  }
  if (/tls handshake/i.test(message)) {
    return {
      sentence: `The server at ${server} does not prove that it is ngrok's: its certificate is not trusted.`,
      hint: "Behind a proxy that inspects TLS, set COLABCODE_NGROK_CA to its CA file (PEM).",
    };
  }
  if (/establish tcp|dns|resolve|lookup|connect/i.test(message)) {
    return {
      sentence: `ngrok cannot be reached at ${server}.`,
      hint: "Check the network; a firewall must let outgoing port 443 through.",
    };
  }
  return {
    sentence: "The ngrok agent failed.",
    hint: "Run the cell again; --no-tunnel serves locally only.",
  };
}
