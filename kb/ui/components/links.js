// Clicks on links into the app are handed to Python; anything that asks for a window of its own is left alone.
export default function (component) {
  const { setTriggerValue } = component;

  const onClick = (event) => {
    const copy = event.target.closest("[data-kb-copy]");
    if (copy) {
      navigator.clipboard?.writeText(window.location.href);
      copy.textContent = "Link copied";
      return;
    }
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target === "_blank") return;
    const href = link.getAttribute("href");
    if (!link.closest("[data-testid=stMain]") || !(href.startsWith("/") || href.startsWith("?"))) return;
    event.preventDefault();
    setTriggerValue("go", `${Date.now()} ${href}`); // each click is one of its own
  };

  // The form for a reason opens below what is on the screen: bring it there, once.
  let asked = null;
  const watch = new MutationObserver(() => {
    const form = document.querySelector(".st-key-kb-reason");
    if (form && form !== asked) form.scrollIntoView({ block: "nearest" });
    asked = form;
  });

  watch.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("click", onClick);
  return () => {
    watch.disconnect();
    document.removeEventListener("click", onClick);
  };
}
