export const share = {
  'share.title': 'المشاركة مع',
  'share.what': 'ما تشاركه',
  'share.where': 'إلى أين يذهب',
  'share.lead': 'يوضع حيث تكتب، ولا يُرسل شيء قبل أن ترسله أنت.',
  'share.filter': 'تصفية المحادثات للمشاركة',
  'share.none': 'لا توجد بعد محادثة يمكنك الكتابة فيها.',
  'share.nothing': 'لا يوجد ما يُشارك. اختر Parley حيث يتيح لك تطبيق آخر مشاركة شيء.',
  'share.failed': 'لم تكن على هذا الجهاز مساحة لما أردت مشاركته.',
  'share.discard': 'عدم المشاركة',
} as const
