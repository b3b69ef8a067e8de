// One column's filter: a button that says what is chosen, and a list of values with their counts to choose from.
import { Check, ChevronDown } from 'lucide-react';
import { useMemo, useState } from 'react';
import {
  Button as AriaButton,
  Dialog,
  DialogTrigger,
  ListBox,
  ListBoxItem,
  Popover,
} from 'react-aria-components';
import type { ImportId } from '../../../../shared/model/ids.ts';
import type { Facet, FacetColumn, ReadingInfo } from '../../../../shared/model/reading.ts';
import { useOperation } from '../../../bridge/use-operation.ts';
import { Button } from '../../../ui/button.tsx';
import { SearchField } from '../../../ui/fields.tsx';
import { formatCount } from '../../../ui/format.ts';
import { inOverlayRoot } from '../../../ui/overlay-root.ts';
import { useSettled } from '../use-settled.ts';
import { valueText } from './reading-choice.ts';
import { READING_TEXT } from './text.ts';

export interface ValueFilterProps {
  readonly importId: ImportId;
  readonly column: FacetColumn;
  readonly facets: ReadingInfo['facets'][FacetColumn];
  readonly chosen: readonly (string | null)[];
  readonly onChange: (values: readonly (string | null)[]) => void;
}

/** Keys of a list are texts: "no value" gets one that no value can have. */
const keyOf = (value: string | null): string => (value === null ? '\u0000' : `=${value}`);
const valueOf = (key: string): string | null => (key === '\u0000' ? null : key.slice(1));

/** Milliseconds of quiet before a typed text is looked up. */
const QUIET = 150;
const OFFERED = 200;
const MOST_CHOSEN = 200;

const Choices = (props: ValueFilterProps) => {
  const { importId, column, facets, chosen, onChange } = props;
  const [text, setText] = useState('');
  const wanted = useSettled(text, QUIET);
  // All values are here already: no need to ask.
  const isWhole = facets.distinct <= facets.top.length;
  const asked = useOperation(
    'reading.values',
    { importId, column, text: wanted, limit: OFFERED },
    { enabled: !isWhole && wanted !== '', keepPrevious: true, staleTime: Infinity },
  );
  const items = useMemo((): readonly Facet[] => {
    const lower = text.toLowerCase();
    const near = facets.top.filter(({ value }) => (value ?? '').toLowerCase().includes(lower));
    const found = isWhole || text === '' ? near : (asked.data ?? near);
    const missing = chosen
      .filter((value) => text === '' && !found.some((each) => each.value === value))
      .map((value) => ({ value, count: -1 }));
    return [...missing, ...found];
  }, [asked.data, chosen, facets.top, isWhole, text]);
  const label = READING_TEXT.facets[column];
  return (
    <div className="value-filter">
      <SearchField autoFocus label={READING_TEXT.findValue(label)} value={text} onChange={setText} />
      {isWhole ? null : <p className="audit-hint">{READING_TEXT.moreValues(formatCount(facets.distinct))}</p>}
      <ListBox
        className="list-box value-list"
        aria-label={READING_TEXT.values(label)}
        selectionMode="multiple"
        escapeKeyBehavior="none"
        items={items.map((facet) => ({ ...facet, id: keyOf(facet.value) }))}
        selectedKeys={chosen.map(keyOf)}
        onSelectionChange={(keys) => {
          if (keys === 'all') return;
          onChange([...keys].slice(0, MOST_CHOSEN).map((key) => valueOf(String(key))));
        }}
        renderEmptyState={() => <p className="muted value-none">{READING_TEXT.noSuchValue}</p>}
      >
        {(item) => (
          <ListBoxItem className="option" textValue={valueText(item.value)}>
            {({ isSelected }) => (
              <>
                <span className="check-box" data-on={isSelected ? '' : undefined} aria-hidden>
                  <Check className="icon" />
                </span>
                <span className={item.value === null ? 'option-label muted' : 'option-label'}>
                  {valueText(item.value)}
                </span>
                {item.count < 0 ? null : <span className="option-help"> {formatCount(item.count)}</span>}
              </>
            )}
          </ListBoxItem>
        )}
      </ListBox>
      {chosen.length === 0 ? null : (
        <Button size="small" variant="quiet" onPress={() => onChange([])}>
          {READING_TEXT.clearValues}
        </Button>
      )}
    </div>
  );
};

export const ValueFilter = (props: ValueFilterProps) => {
  const { column, chosen } = props;
  const label = READING_TEXT.facets[column];
  const summary =
    chosen.length === 0
      ? READING_TEXT.any
      : chosen.length === 1
        ? valueText(chosen[0] ?? null)
        : READING_TEXT.chosen(chosen.length);
  return (
    <div className="field reading-field">
      <span className="field-label" aria-hidden>
        {label}
      </span>
      <DialogTrigger>
        <AriaButton className="select-trigger" aria-label={`${label}: ${summary}`}>
          <span className={chosen.length === 0 ? 'value-chosen muted' : 'value-chosen'}>{summary}</span>
          <ChevronDown className="icon" aria-hidden />
        </AriaButton>
        <Popover {...inOverlayRoot()} className="popover value-popover" offset={4}>
          <Dialog aria-label={READING_TEXT.values(label)}>
            <Choices {...props} />
          </Dialog>
        </Popover>
      </DialogTrigger>
    </div>
  );
};
