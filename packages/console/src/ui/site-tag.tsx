import classes from "./site-tag.module.css";

/** A site's name: the same sign everywhere, so that the eye finds it. */
export function SiteTag({ site }: { readonly site: string }) {
  return <span className={classes.tag}>{site}</span>;
}
