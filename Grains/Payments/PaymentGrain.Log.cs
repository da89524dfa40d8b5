using Microsoft.Extensions.Logging;

namespace OrleansPayments.Grains.Payments;

internal sealed partial class PaymentGrain
{
    [LoggerMessage(1, LogLevel.Debug, "Payment {Payment} opened with connector {Connector}")]
    private partial void LogOpened(PaymentId payment, string connector);

    [LoggerMessage(2, LogLevel.Debug, "Attempt {Attempt} of payment {Payment} at {Connector} answered: {Result}")]
    private partial void LogAnswered(PaymentId payment, int attempt, string connector, string result);

    [LoggerMessage(3, LogLevel.Information, "Asked {Connector} after attempt {Attempt} of payment {Payment}: {Result}")]
    private partial void LogInquired(PaymentId payment, int attempt, string connector, string result);

    [LoggerMessage(4, LogLevel.Debug, "Operation {Operation} on payment {Payment} at {Connector} answered: {Result}")]
    private partial void LogOperated(PaymentId payment, int operation, string connector, string result);
}
