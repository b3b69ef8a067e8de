// Form fields: text, passphrase, search, multi-line text, select, checkbox, switch.
import { Check, CircleAlert, Eye, EyeOff, Minus, Search, ChevronDown, X } from 'lucide-react';
import { useState, type KeyboardEventHandler, type ReactNode } from 'react';
import {
  Button as AriaButton,
  Checkbox as AriaCheckbox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SearchField as AriaSearchField,
  Select as AriaSelect,
  SelectValue,
  Switch as AriaSwitch,
  Text,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
} from 'react-aria-components';
import { IconButton } from './button.tsx';
import { inOverlayRoot } from './overlay-root.ts';
import { UI_TEXT } from './text.ts';

interface FieldBase {
  readonly label: string;
  readonly help?: ReactNode;
  /** What is wrong, in one sentence; undefined when nothing is. */
  readonly error?: string | undefined;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
  readonly isReadOnly?: boolean;
  /** Says "(optional)" after the label. */
  readonly isOptional?: boolean;
}

interface TextBase extends FieldBase {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur?: () => void;
  readonly placeholder?: string;
  readonly maxLength?: number;
  readonly autoFocus?: boolean;
  /** Hashes and other text where every character counts. */
  readonly isMono?: boolean;
}

const FieldLabel = ({
  label,
  isOptional,
}: {
  readonly label: string;
  readonly isOptional: boolean | undefined;
}) => (
  <Label className="field-label">
    {label}
    {isOptional === true ? <span className="muted"> ({UI_TEXT.optional})</span> : null}
  </Label>
);

const FieldNotes = ({ help, error }: { readonly help: ReactNode; readonly error: string | undefined }) => (
  <>
    {help === undefined ? null : (
      <Text slot="description" className="field-help">
        {help}
      </Text>
    )}
    <FieldError className="field-error">
      {error === undefined ? null : (
        <>
          <CircleAlert className="icon" aria-hidden />
          <span>{error}</span>
        </>
      )}
    </FieldError>
  </>
);

/** What is wrong with a choice that is no field of its own; spoken when it appears. */
export const FieldProblem = ({ children }: { readonly children: ReactNode }) => (
  <p className="field-error" role="alert">
    <CircleAlert className="icon" aria-hidden />
    <span>{children}</span>
  </p>
);

export interface TextFieldProps extends TextBase {
  readonly type?: 'text' | 'password';
  readonly onSubmit?: () => void;
  readonly onKeyDown?: KeyboardEventHandler<HTMLInputElement>;
  readonly onKeyUp?: KeyboardEventHandler<HTMLInputElement>;
  readonly suffix?: ReactNode;
  readonly autoComplete?: string;
}

/** One line of text. `onSubmit` runs on Enter. */
export const TextField = (props: TextFieldProps) => (
  <AriaTextField
    className="field"
    value={props.value}
    onChange={props.onChange}
    {...(props.onBlur === undefined ? {} : { onBlur: props.onBlur })}
    type={props.type ?? 'text'}
    isInvalid={props.error !== undefined}
    isRequired={props.isRequired ?? false}
    isDisabled={props.isDisabled ?? false}
    isReadOnly={props.isReadOnly ?? false}
    validationBehavior="aria"
    autoFocus={props.autoFocus ?? false}
    autoComplete={props.autoComplete ?? 'off'}
    spellCheck="false"
    {...(props.maxLength === undefined ? {} : { maxLength: props.maxLength })}
  >
    <FieldLabel label={props.label} isOptional={props.isOptional} />
    <div className="input-wrap">
      <Input
        className={props.isMono === true ? 'input input-mono' : 'input'}
        placeholder={props.placeholder ?? ''}
        onKeyDown={(event) => {
          props.onKeyDown?.(event);
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) props.onSubmit?.();
        }}
        onKeyUp={props.onKeyUp}
      />
      {props.suffix}
    </div>
    <FieldNotes help={props.help} error={props.error} />
  </AriaTextField>
);

/** A passphrase, hidden until the user asks to see it. */
export const PassphraseField = (props: Omit<TextFieldProps, 'type' | 'suffix'>) => {
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={shown ? 'text' : 'password'}
      suffix={
        <IconButton
          icon={shown ? EyeOff : Eye}
          label={shown ? UI_TEXT.hidePassphrase : UI_TEXT.showPassphrase}
          size="small"
          onPress={() => setShown(!shown)}
        />
      }
    />
  );
};

export interface TextAreaProps extends TextBase {
  readonly rows?: number;
}

export const TextArea = (props: TextAreaProps) => (
  <AriaTextField
    className="field"
    value={props.value}
    onChange={props.onChange}
    {...(props.onBlur === undefined ? {} : { onBlur: props.onBlur })}
    isInvalid={props.error !== undefined}
    isRequired={props.isRequired ?? false}
    isDisabled={props.isDisabled ?? false}
    isReadOnly={props.isReadOnly ?? false}
    validationBehavior="aria"
    autoFocus={props.autoFocus ?? false}
    spellCheck="false"
    {...(props.maxLength === undefined ? {} : { maxLength: props.maxLength })}
  >
    <FieldLabel label={props.label} isOptional={props.isOptional} />
    <AriaTextArea
      className={props.isMono === true ? 'input input-mono' : 'input'}
      rows={props.rows ?? 3}
      placeholder={props.placeholder ?? ''}
    />
    <FieldNotes help={props.help} error={props.error} />
  </AriaTextField>
);

export interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly autoFocus?: boolean;
}

/** A filter over what is on the screen; Escape empties it. The label is spoken, not shown. */
export const SearchField = (props: SearchFieldProps) => (
  <AriaSearchField
    className="field search-field"
    aria-label={props.label}
    value={props.value}
    onChange={props.onChange}
    autoFocus={props.autoFocus ?? false}
    spellCheck="false"
  >
    <div className="input-wrap">
      <Search className="icon" aria-hidden />
      <Input className="input" placeholder={props.placeholder ?? props.label} />
      {props.value === '' ? null : (
        <AriaButton className="button" data-variant="quiet" data-size="small" data-icon-only="">
          <X className="icon" aria-hidden />
        </AriaButton>
      )}
    </div>
  </AriaSearchField>
);

export interface SelectOption<K extends string> {
  readonly id: K;
  readonly label: string;
  readonly help?: string;
  readonly isDisabled?: boolean;
}

export interface SelectProps<K extends string> extends Omit<FieldBase, 'isReadOnly' | 'isOptional'> {
  readonly options: readonly SelectOption<K>[];
  readonly value: K | null;
  readonly onChange: (value: K) => void;
  readonly placeholder?: string;
  /** The label is spoken but not shown, e.g. in a toolbar. */
  readonly hideLabel?: boolean;
}

export const Select = <K extends string>(props: SelectProps<K>) => (
  <AriaSelect
    className="field"
    {...(props.hideLabel === true ? { 'aria-label': props.label } : {})}
    selectedKey={props.value}
    onSelectionChange={(key) => {
      const found = props.options.find((option) => option.id === key);
      if (found !== undefined) props.onChange(found.id);
    }}
    placeholder={props.placeholder ?? UI_TEXT.none}
    isInvalid={props.error !== undefined}
    isRequired={props.isRequired ?? false}
    isDisabled={props.isDisabled ?? false}
    validationBehavior="aria"
  >
    {props.hideLabel === true ? null : <FieldLabel label={props.label} isOptional={false} />}
    <AriaButton className="select-trigger">
      <SelectValue />
      <ChevronDown className="icon" aria-hidden />
    </AriaButton>
    <FieldNotes help={props.help} error={props.error} />
    <Popover {...inOverlayRoot()} className="popover" offset={4}>
      <ListBox className="list-box" items={props.options}>
        {(option) => (
          <ListBoxItem
            id={option.id}
            className="option"
            textValue={option.label}
            isDisabled={option.isDisabled ?? false}
          >
            {({ isSelected }) => (
              <>
                {isSelected ? <Check className="icon" aria-hidden /> : null}
                <span className="option-label">{option.label}</span>
                {option.help === undefined ? null : <span className="option-help"> {option.help}</span>}
              </>
            )}
          </ListBoxItem>
        )}
      </ListBox>
    </Popover>
  </AriaSelect>
);

export interface ToggleProps {
  readonly children: ReactNode;
  readonly help?: string;
  readonly isSelected: boolean;
  readonly onChange: (isSelected: boolean) => void;
  readonly isDisabled?: boolean;
  readonly isIndeterminate?: boolean;
}

/** A choice that takes effect with the rest of a form. */
export const Checkbox = (props: ToggleProps) => (
  <AriaCheckbox
    className="check"
    isSelected={props.isSelected}
    onChange={props.onChange}
    isDisabled={props.isDisabled ?? false}
    isIndeterminate={props.isIndeterminate ?? false}
  >
    <span className="check-box">
      {props.isIndeterminate === true ? (
        <Minus className="icon" aria-hidden />
      ) : (
        <Check className="icon" aria-hidden />
      )}
    </span>
    <span className="check-text">
      <span>{props.children}</span>
      {props.help === undefined ? null : <span className="field-help">{props.help}</span>}
    </span>
  </AriaCheckbox>
);

/** A setting that takes effect at once. */
export const Switch = (props: Omit<ToggleProps, 'isIndeterminate'>) => (
  <AriaSwitch
    className="switch"
    isSelected={props.isSelected}
    onChange={props.onChange}
    isDisabled={props.isDisabled ?? false}
  >
    <span className="switch-track" />
    <span className="check-text">
      <span>{props.children}</span>
      {props.help === undefined ? null : <span className="field-help">{props.help}</span>}
    </span>
  </AriaSwitch>
);
