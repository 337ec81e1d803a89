### What is said where members recommend the shop.

link-preview-title = Somebody recommends { $shop } to you
link-preview-text = Follow the link to see what { $shop } has for you.
link-preview-go = Go to { $shop }

links-settings = Members' links
links-settings-text = A link such as { $example } leads to your shop and says by whom somebody was sent. It leads to this page, or to another one of the origins above, and nowhere else.
links-landing = The page that links lead to
links-landing-hint = With its scheme, as in https://shop.example/welcome. Without one, links lead to the portal.
links-landing-keep = Save
fault-landing = This is no address of a page: it begins with https:// and has no blanks in it.
action-landing-set = said where members' links lead
