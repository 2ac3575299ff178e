import { useTranslate } from '../../useTranslate';

type Props = { readonly text: string; readonly onChoose: (text: string) => void };

/** What the demo model can do after what it just did. */
export function NextExample({ text, onChoose }: Props) {
  const t = useTranslate();
  return (
    <p className="next-example">
      <span>{t('chat.demoNext')}</span>
      <button type="button" onClick={() => onChoose(text)}>
        {text}
      </button>
    </p>
  );
}
