/** True in Google Colab, whose pages can make a link that only the notebook's user can open. */
export function isColab(environment: Readonly<Record<string, string | undefined>>): boolean {
  return environment.COLAB_RELEASE_TAG !== undefined;
}

/** For the person in Colab, beside the link. */
export const colabNote =
  "Private link: only you can open it, while this notebook is connected. Colab's free runtimes forbid web services that are unrelated to the notebook.";

/** HTML that asks Colab's page for the private link to `port` and shows it; elsewhere it shows nothing. */
export function colabLinkHtml(port: number, label = "Open (private to you)"): string {
  const text = JSON.stringify(label).replaceAll("<", "\\u003c");
  return `<span data-colabcode-private></span><script>
(async () => {
  const place = document.currentScript?.previousElementSibling ?? document.querySelector("[data-colabcode-private]");
  if (!globalThis.google?.colab?.kernel?.proxyPort || !place) return;
  const link = document.createElement("a");
  link.href = await google.colab.kernel.proxyPort(${Math.trunc(port)}, { cache: true });
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = ${text};
  place.replaceChildren(link);
})();
</script>`;
}
