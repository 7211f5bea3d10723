import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useTranslations } from 'use-intl';

interface ConfirmButtonProps {
  readonly label: string;
  readonly title: string;
  readonly text: ReactNode;
  readonly isDisabled?: boolean;
  readonly isDangerous?: boolean;
  readonly onConfirm: () => void;
}

/** A button that asks before it does what cannot be undone. */
export function ConfirmButton({
  label,
  title,
  text,
  isDisabled = false,
  isDangerous = false,
  onConfirm,
}: ConfirmButtonProps) {
  const t = useTranslations('act');
  const [isOpen, setOpen] = useState(false);
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button className={isDangerous ? 'button danger' : 'button'} isDisabled={isDisabled}>
        {label}
      </Button>
      <ModalOverlay className="veil" isDismissable>
        <Modal className="modal">
          <Dialog role="alertdialog" className="dialog">
            <Heading slot="title">{title}</Heading>
            <p>{text}</p>
            <div className="row end">
              <Button className="button" autoFocus onPress={() => setOpen(false)}>
                {t('keep')}
              </Button>
              <Button
                className={isDangerous ? 'button danger' : 'button primary'}
                onPress={() => {
                  setOpen(false);
                  onConfirm();
                }}
              >
                {label}
              </Button>
            </div>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}
