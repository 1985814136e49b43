"""What happens and is not worth a message, with the reason."""

from activity.models import Event

Kind = Event.Kind

SILENT: dict[str, str] = {
    Kind.SIGNED_UP: "They are here, and did it themselves.",
    Kind.ENROLLED: "They did it themselves, or see it when they arrive.",
    Kind.LEFT_COURSE: "They did it themselves. Whoever is taken out is told (`BY_STAFF`).",
    Kind.CAME_BACK: "They did it themselves. Whoever is put back is told (`BY_STAFF`).",
    Kind.ENROLLED_IN_LANGUAGE: "They did it themselves.",
    Kind.LESSON_COMPLETED: "The page says so at once.",
    Kind.ATTEMPT_FINISHED: "The page says so at once; a review is told when it is there.",
    Kind.QUIZ_PASSED: "The page says so at once.",
    Kind.SUBMISSION_JUDGED: "The page waits for it, and the submission keeps it.",
    Kind.ASSIGNMENT_PASSED: "The page says so at once.",
    Kind.COURSE_COMPLETED: "Its certificate says so.",
    Kind.CHALLENGE_FINISHED: "They did it themselves; results come when it closes.",
    Kind.COURSE_PUBLISHED: "It is of the school; who follows the language finds it there.",
    Kind.SUBSCRIPTION_STARTED: "`billing` mails that it is open.",
    Kind.INVOICE_PAID: "The invoice stands on the page of plans; Stripe sends a receipt.",
    Kind.PAYMENT_FAILED: "Stripe's mail asks for the payment; every page says it too.",
    Kind.SEAT_TAKEN: "They did it themselves, from an invitation.",
}
