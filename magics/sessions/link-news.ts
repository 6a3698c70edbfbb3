/** What people who were given a session's public link have to hear of it. */
export class LinkNews {
  #lastUrl: string | undefined;
  #moved: string | undefined;
  #lost: string | undefined;

  /** The public link is `url` now: one that was given away and leads nowhere must not go unnoticed. */
  see(url: string | undefined): void {
    if (url === undefined || url === this.#lastUrl) return;
    if (this.#lastUrl !== undefined) {
      this.#moved = `The public link has changed: ${this.#lastUrl} leads here no more.`;
    }
    this.#lastUrl = url;
  }

  /** The public link is gone for good. */
  lose(reason: string): void {
    this.#lost = `The public link is gone: ${reason} The local link still works.`;
  }

  /** There is a link again, or none is wanted. */
  forgetLoss(): void {
    this.#lost = undefined;
  }

  sentences(): readonly string[] {
    return [this.#moved, this.#lost].filter((sentence) => sentence !== undefined);
  }
}
