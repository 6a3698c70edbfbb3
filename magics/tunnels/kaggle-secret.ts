type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The value of a secret that the user attached to this Kaggle notebook; undefined elsewhere, where
 * there is none of that label, and where Kaggle does not answer in time.
 */
export async function kaggleSecret(
  label: string,
  environment: Environment,
  timeoutMs = 5_000,
): Promise<string | undefined> {
  const { KAGGLE_USER_SECRETS_TOKEN: key, KAGGLE_URL_BASE } = environment;
  if (key === undefined || key === "") return undefined;
  const base = KAGGLE_URL_BASE || "https://www.kaggle.com";
  try {
    const response = await fetch(`${base}/requests/GetUserSecretByLabelRequest`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-kaggle-authorization": `Bearer ${key}` },
      body: JSON.stringify({ Label: label }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return secretIn(await response.json());
  } catch {
    return undefined; // A notebook without internet has no secrets; other sources come next.
  }
}

function secretIn(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null || !("result" in answer)) return undefined;
  const { result } = answer;
  if (typeof result !== "object" || result === null || !("secret" in result)) return undefined;
  return typeof result.secret === "string" ? result.secret : undefined;
}
