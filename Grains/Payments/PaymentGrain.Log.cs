using Microsoft.Extensions.Logging;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

internal sealed partial class PaymentGrain
{
    [LoggerMessage(1, LogLevel.Debug, "Payment {Payment} opened with connector {Connector}")]
    private partial void LogOpened(PaymentId payment, string connector);

    [LoggerMessage(2, LogLevel.Debug, "Attempt {Attempt} of payment {Payment} at {Connector} answered: {Result}")]
    private partial void LogAnswered(PaymentId payment, int attempt, string connector, string result);

    [LoggerMessage(3, LogLevel.Information, "Asked {Connector} after attempt {Attempt} of payment {Payment}: {Result}")]
    private partial void LogInquired(PaymentId payment, int attempt, string connector, string result);

    [LoggerMessage(5, LogLevel.Debug, "{Connector} told of {EventType} on payment {Payment}; news: {News}")]
    private partial void LogNoticed(PaymentId payment, string connector, string eventType, bool news);

    [LoggerMessage(6, LogLevel.Warning, "Payment {Payment} was resolved by a person as {Resolution}")]
    private partial void LogResolved(PaymentId payment, PaymentResolution resolution);

    [LoggerMessage(7, LogLevel.Warning, "The card of payment {Payment} could not be destroyed now; the vault does it later")]
    private partial void LogCardNotDestroyed(Exception exception, PaymentId payment);

    [LoggerMessage(8, LogLevel.Error, "The card of payment {Payment} is in the vault and does not open; it must be sent again")]
    private partial void LogCardUnreadable(Exception exception, PaymentId payment);

    [LoggerMessage(9, LogLevel.Information, "Attempt {Attempt} of payment {Payment} at {Connector} took nothing ({Reason}) and goes on at {Next}")]
    private partial void LogPassedOn(PaymentId payment, int attempt, string connector, string reason, string next);

    [LoggerMessage(10, LogLevel.Debug, "The declined charge of attempt {Attempt} of payment {Payment} is given up at {Connector}: {Result}")]
    private partial void LogGaveUp(PaymentId payment, int attempt, string connector, string result);

    [LoggerMessage(11, LogLevel.Warning, "No further connector could be asked after attempt {Attempt} of payment {Payment}, which ends with what that came to")]
    private partial void LogNextNotAsked(Exception exception, PaymentId payment, int attempt);

    [LoggerMessage(12, LogLevel.Warning, "What became of the declined charge of attempt {Attempt} of payment {Payment} could not be seen to at {Connector}")]
    private partial void LogPassedNotSeenTo(Exception exception, PaymentId payment, int attempt, string connector);

    [LoggerMessage(4, LogLevel.Debug, "Operation {Operation} on payment {Payment} at {Connector} answered: {Result}")]
    private partial void LogOperated(PaymentId payment, int operation, string connector, string result);
}
