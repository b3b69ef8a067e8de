// A part of a form that most people don't need, folded away under one line.
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Disclosure as AriaDisclosure, DisclosurePanel, Heading } from 'react-aria-components';

export interface DisclosureProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly isOpenAtFirst?: boolean;
  readonly headingLevel?: 3 | 4;
}

export const Disclosure = ({ title, children, isOpenAtFirst = false, headingLevel = 4 }: DisclosureProps) => (
  <AriaDisclosure className="disclosure" defaultExpanded={isOpenAtFirst}>
    <Heading level={headingLevel} className="disclosure-heading">
      <Button slot="trigger" className="disclosure-trigger">
        <ChevronRight className="icon" aria-hidden />
        {title}
      </Button>
    </Heading>
    <DisclosurePanel className="disclosure-panel">
      <div className="stack">{children}</div>
    </DisclosurePanel>
  </AriaDisclosure>
);
