import { generate } from "selfsigned";

/**
 * A certificate for 127.0.0.1 and localhost that is its own CA file. The agent's TLS refuses a
 * server certificate with CA:TRUE, so that it is an end entity.
 */
export async function makeCertificate(): Promise<{ key: string; certificate: string }> {
  const made = await generate([{ name: "commonName", value: "ngrok ingress of the tests" }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(Date.now() - 24 * 3600 * 1000),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  return { key: made.private, certificate: made.cert };
}
