type Environment = Readonly<Record<string, string | undefined>>;

/** Where this runs, by what the place puts into the environment. */
const places: readonly { readonly name: string; readonly variables: readonly string[] }[] = [
  { name: "Colab", variables: ["COLAB_RELEASE_TAG"] },
  { name: "Kaggle", variables: ["KAGGLE_KERNEL_RUN_TYPE"] },
  { name: "Codespaces", variables: ["CODESPACES"] },
  { name: "Gitpod", variables: ["GITPOD_WORKSPACE_ID"] },
  { name: "Binder", variables: ["BINDER_SERVICE_HOST", "BINDER_LAUNCH_HOST"] },
  { name: "JupyterHub", variables: ["JUPYTERHUB_SERVICE_PREFIX"] },
];

/** "Colab", "Kaggle", …; "plain" on a machine of one's own. */
export function placeName(environment: Environment): string {
  const found = places.find(({ variables }) =>
    variables.some((name) => (environment[name] ?? "") !== ""),
  );
  return found?.name ?? "plain";
}

/** True where the place shows local ports under names of its own, which the app then is asked for. */
export function isProxied(environment: Environment): boolean {
  return placeName(environment) !== "plain";
}
