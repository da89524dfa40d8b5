using OrleansPayments.Silo.Hosting;

return await PaymentsSilo.RunAsync(args);
