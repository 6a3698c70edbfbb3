/** What the service says with a code; the token is repeated where the real one repeats it. */
export function errorText(code: string, token = ""): string {
  const texts: Record<string, string> = {
    ERR_NGROK_105: `authentication failed: The authtoken you specified does not look like a proper ngrok tunnel authtoken.\nYour authtoken: ${token}\nInstructions to install your authtoken are on your ngrok dashboard:\nhttps://dashboard.ngrok.com/get-started/your-authtoken`,
    ERR_NGROK_107: `authentication failed: The authtoken you specified is properly formed, but it is invalid.\nYour authtoken: ${token}\nThis usually happens when:\n- You reset your authtoken\n- Your authtoken was for a team account that you were removed from`,
    ERR_NGROK_108:
      "authentication failed: Your account is limited to 1 simultaneous ngrok agent sessions.",
    ERR_NGROK_320: "The domain 'taken.example' is reserved for another account.",
    ERR_NGROK_324:
      "Your account may not run more than 3 endpoints over a single ngrok agent session.",
    ERR_NGROK_333: "No tunnel found with that id.",
    ERR_NGROK_334: "The endpoint 'https://busy.example' is already online.",
    ERR_NGROK_4018:
      "authentication failed: Usage of ngrok requires a verified account and authtoken.\nSign up for an account: https://dashboard.ngrok.com/signup",
  };
  return texts[code] ?? `refused for the test with ${code}`;
}

/** The answer of a call that failed, as the agent reads it. */
export function failure(code: string, token = ""): { Error: string } {
  return { Error: `${errorText(code, token)}\r\n\r\n${code}\r\n` };
}
